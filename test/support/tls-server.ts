/** A server over HTTPS beside Holdfast, with a certificate of a CA of its own; it can be away, and come back where it was. */
import {readFile} from 'node:fs/promises';
import https from 'node:https';
import type {IncomingMessage, ServerResponse} from 'node:http';
import {once} from 'node:events';
import {makeServerCertificate} from './certificate.ts';
import type {Lifetime} from './lifetime.ts';
import {freePort} from './ports.ts';
import {temporaryDirectory} from './temporary-directory.ts';

export interface TlsServer {
  /** `https://127.0.0.1:40123` */
  readonly url: string;
  readonly caFile: string;
  stop(): Promise<void>;
  start(): Promise<void>;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Starts unless it is told to wait. */
export async function tlsServer(
  life: Lifetime,
  handle: Handle,
  {isAway = false, names}: {readonly isAway?: boolean; readonly names?: readonly string[]} = {},
): Promise<TlsServer> {
  const directory = await temporaryDirectory(life);
  const {caFile, certificateFile, keyFile} = await makeServerCertificate(directory, names);
  const pair = {cert: await readFile(certificateFile), key: await readFile(keyFile)};
  // One that is away must come up where it was looked for; the system gives the others one that nobody else has.
  let port = isAway ? await freePort(life) : 0;
  let server: https.Server | undefined;
  const stop = async (): Promise<void> => {
    const running = server;
    if (!running) return;
    server = undefined;
    const closed = once(running, 'close');
    running.close();
    running.closeAllConnections();
    await closed;
  };
  const start = async (): Promise<void> => {
    server = https.createServer(pair, (request, response) => {
      void handle(request, response);
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address === 'object' && address) ({port} = address);
  };
  life.teardown(stop);
  if (!isAway) await start();
  return {url: `https://127.0.0.1:${port}`, caFile, stop, start};
}
