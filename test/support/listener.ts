/** What listens in the place of a server: says what a test wants, or passes on what it hears. */
import {once} from 'node:events';
import {connect, createServer, type Server, type Socket} from 'node:net';
import {createServer as createTlsServer, type TlsOptions} from 'node:tls';
import type {Lifetime} from './lifetime.ts';

interface ListenOptions {
  readonly tls?: TlsOptions;
  /** 127.0.0.1 unless given. */
  readonly host?: string;
}

/** The port. Its connections are cut at the end. */
export async function listen(
  life: Lifetime,
  serve: (socket: Socket) => void,
  {tls, host = '127.0.0.1'}: ListenOptions = {},
): Promise<number> {
  const sockets = new Set<Socket>();
  const take = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  };
  const server: Server = tls ? createTlsServer(tls, take) : createServer(take);
  server.listen(0, host);
  life.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  return address.port;
}

/** The port of what passes everything on to that of a server; `hear` is told what this answers. */
export async function relay(
  life: Lifetime,
  port: number,
  {hear, ...options}: ListenOptions & {readonly hear?: (answer: string) => void} = {},
): Promise<number> {
  return listen(
    life,
    (socket) => {
      const onward = connect(port, '127.0.0.1');
      onward.on('error', () => socket.destroy());
      if (hear) {
        onward.on('data', (chunk: Buffer) => {
          hear(chunk.toString());
        });
      }
      socket.on('close', () => onward.destroy());
      socket.pipe(onward).pipe(socket);
    },
    options,
  );
}
