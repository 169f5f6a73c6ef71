/** What could not even be parsed as a request still gets an answer that clients can read. */
import type {Socket} from 'node:net';
import {linger} from './linger.ts';

const refusals: Readonly<Record<string, readonly [status: string, message: string]>> = {
  CONNECT: ['400 Bad Request', 'this is not a proxy'],
  HOST: ['400 Bad Request', 'a request has one Host header'],
  EXPECT: ['417 Expectation Failed', 'nothing can be expected but 100-continue'],
  ERR_SSL_HTTP_REQUEST: [
    '400 Bad Request',
    'this port speaks https: write https:// in front of the address',
  ],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers are too large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the headers did not come in time'],
};

/** The parser's error code tells why; the connection is over. Nobody is answering another request on it at the moment. */
export function refuse(socket: Socket, code: string | undefined, method?: string): void {
  // Its writing side is closed when we have refused before: more of the same is still coming in.
  if (!socket.writable) return;
  const [status, message] = refusals[code ?? ''] ?? ['400 Bad Request', 'this is not HTTP'];
  const body = JSON.stringify({errors: [{code: 'UNSUPPORTED', message}]});
  socket.write(
    `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${method === 'HEAD' ? '' : body}`,
  );
  linger(socket);
}
