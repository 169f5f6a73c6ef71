/**
 * The administration of a running server: `POST /operations/<noun>/<verb>` with JSON over a Unix socket that its user alone may open. Nothing
 * else protects it, and nothing else has to.
 */
import http from 'node:http';
import {join} from 'node:path';
import type {Actor} from '../auth/administration/actor.ts';
import {AdministrationError} from '../auth/administration/administration-error.ts';
import {showIndex} from '../auth/administration/content-index.ts';
import {listEvents} from '../auth/administration/events.ts';
import {type Administered, administer} from '../auth/administration/operations.ts';
import type {Log} from '../observability/log.ts';
import {answerOf, translate} from './administration-answer.ts';
import {operatorHeader, socketName} from './administration-socket.ts';
import {openPrivateSocket} from './private-socket.ts';

interface AdministrationOptions {
  readonly administered: Administered;
  /** The directory run/, of mode 0700. */
  readonly directory: string;
  /** In milliseconds: so long operations under way may take at the end. */
  readonly drainTimeout: number;
  readonly log: Log;
}

export interface Administration {
  /** Lets operations finish, and takes the socket away. */
  close(): Promise<void>;
}

/** In bytes. */
const longestBody = 256 * 1024;
/** In milliseconds; an operation itself may take longer. */
const requestTimeout = 10_000;

/** `undefined`: another server of this directory has it already, and what is changed through that one counts here as well. */
export async function startAdministration(
  options: AdministrationOptions,
): Promise<Administration | undefined> {
  const {directory, drainTimeout, log} = options;
  const server = http.createServer({requestTimeout}, (request, response) => {
    void answer(options, request, response);
  });
  // One that can't be accepted, as without a free descriptor, must not end the process.
  server.on('error', (error) => {
    log.error({err: error}, 'administration socket failed');
  });
  const socket = await openPrivateSocket({directory, name: socketName, server, drainTimeout});
  if (!socket) {
    const path = join(directory, socketName);
    log.info({path}, 'another holdfast of this data directory is administered');
    return undefined;
  }
  log.debug({path: socket.path}, 'administration listens');
  return socket;
}

async function answer(
  {administered, log}: AdministrationOptions,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  let status = 200;
  let body: unknown;
  const name = operationOf(request);
  try {
    const input = await readJson(request);
    body = await administer(administered, operatorOf(request), {name, input});
    // Who watches the progress, or what happens, asks again and again.
    const isWatching = name === showIndex.name || name === listEvents.name;
    log[isWatching ? 'debug' : 'info']({operation: name}, 'administered');
  } catch (error) {
    const fault = translate(error);
    if (fault.code === 'internal') log.error({err: error, operation: name}, 'operation failed');
    else if (fault.code === 'unavailable') {
      log.error({err: error, operation: name}, 'operation not possible at present');
    } else log.info({operation: name, code: fault.code}, 'operation refused');
    ({status, body} = answerOf(fault));
  }
  // The rest of a body that was not read must not be taken for a request.
  if (!request.complete) response.shouldKeepAlive = false;
  response.writeHead(status, {'Content-Type': 'application/json', 'Cache-Control': 'no-store'});
  response.end(JSON.stringify(body));
}

/** Only who is the user of the server, or root, can say it: it is believed as it is said. */
function operatorOf({headers}: http.IncomingMessage): Actor {
  const said = headers[operatorHeader];
  const name = typeof said === 'string' && /^[\w.@-]{1,64}$/.test(said) ? said : undefined;
  return {kind: 'operator', name, origin: {credential: {kind: 'socket'}}};
}

function operationOf({method, url = ''}: http.IncomingMessage): string | undefined {
  const match = /^\/operations\/([a-z-]+)\/([a-z-]+)$/.exec(url);
  return method === 'POST' && match ? `${match[1] ?? ''} ${match[2] ?? ''}` : undefined;
}

async function readJson(request: http.IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestBody) throw new AdministrationError('invalid', 'the request is too long');
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as unknown;
  } catch (cause) {
    // The cause has a part of the text in it: nobody may log it.
    if (cause instanceof SyntaxError) {
      throw new AdministrationError('invalid', 'the request is no JSON');
    }
    throw cause;
  }
}
