// Asks the registry in this container whether it answers; the health check of the image.
import {request as plainly} from 'node:http';
import {request as securely} from 'node:https';

// Where http.listen says another port, the variable says it as well.
const {HEALTH_PORT: port = '5000'} = process.env;

/** Whether it is there, by one protocol; a certificate proves nothing to who asks himself. */
const answers = async (request) =>
  new Promise((resolve) => {
    const options = {host: '127.0.0.1', port, path: '/healthz', rejectUnauthorized: false};
    const asked = request({...options, timeout: 4000, agent: false}, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });

process.exitCode = (await answers(securely)) || (await answers(plainly)) ? 0 : 1;
