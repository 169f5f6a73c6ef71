/** Starts a registry on a free port and waits for the first `GET /v2/` that it answers. */
import {join} from 'node:path';
import {Connection} from '../client/connection.ts';
import {type Answers, type Command, freePort, start} from '../process.ts';
import type {Place, Protocol, Server} from './target.ts';

type Start = Pick<Command, 'program' | 'args' | 'env'>;

export async function startServer(
  {home, protocol}: Place,
  commandFor: (port: number) => Promise<Start> | Start,
): Promise<Server> {
  const port = await freePort();
  const command = {...(await commandFor(port)), cwd: home, logFile: join(home, 'log')};
  const running = await start(command, port, answersBase(protocol));
  return {...running, url: `${protocol}://127.0.0.1:${port}`};
}

function answersBase(protocol: Protocol): Answers {
  return async (port) => {
    const connection = new Connection(`${protocol}://127.0.0.1:${port}`);
    try {
      return (await connection.request({method: 'GET', path: '/v2/'})).status === 200;
    } catch {
      return false; // Nobody listens yet.
    } finally {
      connection.close();
    }
  };
}
