/** A receiver of webhooks, in a process of its own: tells its parent what comes, and answers as it is told. */
import {createServer} from 'node:http';
import {text} from 'node:stream/consumers';
import type {Behaviour, FromReceiver} from './receiver.ts';

let behaviour = JSON.parse(process.argv[3] ?? '{}') as Behaviour;

process.on('message', (message: Behaviour) => {
  behaviour = message;
});
process.on('disconnect', () => {
  process.exit();
});

const tell = (message: FromReceiver): void => {
  process.send?.(message);
};

const server = createServer((request, response) => {
  const {method = '', url: path = '', headers} = request;
  // What it does is settled when the request comes.
  const behaviourThen = behaviour;
  const {body = '', location, isSilent, garbage, refuses} = behaviourThen;
  const answer = async (): Promise<void> => {
    const sent = await text(request);
    const isRefused = refuses !== undefined && sent.includes(refuses);
    const status = isRefused ? 400 : (behaviourThen.status ?? 200);
    tell({kind: 'request', method, path, headers, body: sent, at: Date.now(), status});
    if (isSilent === true) return;
    if (garbage !== undefined) {
      response.socket?.end(garbage);
      return;
    }
    response.writeHead(status, location === undefined ? {} : {location});
    response.end(body);
  };
  answer().catch((error: unknown) => {
    console.error(error);
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address) tell({kind: 'listening', port: address.port});
});
