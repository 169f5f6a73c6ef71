/** The Holdfast of this checkout, open to all unless it is asked by an account of its own, on the directory data/ of a home. */
import path from 'node:path';
import {withoutSettings} from './targets/holdfast.ts';
import {startServer} from './targets/start-server.ts';
import type {Account} from './targets/account.ts';
import type {Server} from './targets/target.ts';

export async function startOwnServer(
  home: string,
  env: Readonly<Record<string, string>> = {},
  account?: Account,
): Promise<Server> {
  return startServer(
    {home, protocol: 'http'},
    (port) => ({
      program: process.execPath,
      args: [
        ...[path.join(import.meta.dirname, '../bin/holdfast.js'), 'serve'],
        ...['--data-dir', path.join(home, 'data'), '--listen', `127.0.0.1:${port}`],
        ...['--tls', 'off', '--auth', account === undefined ? 'none' : 'accounts'],
      ],
      env: {...withoutSettings, ...env},
    }),
    account,
  );
}
