/** Starts a registry on a free port and waits for the first `GET /v2/` that it answers. */
import {join} from 'node:path';
import {Connection} from '../client/connection.ts';
import {type Command, freePort, start} from '../process.ts';
import {type Account, urlOf} from './account.ts';
import type {Place, Server} from './target.ts';

type Start = Pick<Command, 'program' | 'args' | 'env'>;

export async function startServer(
  {home, protocol}: Pick<Place, 'home' | 'protocol'>,
  commandFor: (port: number) => Promise<Start> | Start,
  account?: Account,
): Promise<Server> {
  const port = await freePort();
  const command = {...(await commandFor(port)), cwd: home, logFile: join(home, 'log')};
  const url = `${protocol}://127.0.0.1:${port}`;
  const known = {url, ...(account === undefined ? {} : {account})};
  const running = await start(command, () => answersBase(urlOf(known)));
  return {...running, ...known};
}

async function answersBase(url: string): Promise<boolean> {
  const connection = new Connection(url);
  try {
    return (await connection.request({method: 'GET', path: '/v2/'})).status === 200;
  } catch {
    return false; // Nobody listens yet.
  } finally {
    connection.close();
  }
}
