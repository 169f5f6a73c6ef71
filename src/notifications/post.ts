/** Sends one message, and reads what is answered: no more of it than anybody looks at. */
import {Agent as HttpAgent, request as httpRequest, type IncomingMessage} from 'node:http';
import {Agent as HttpsAgent, request as httpsRequest} from 'node:https';
import type {Endpoint} from './endpoint.ts';
import type {Message} from './message.ts';
import {guardedLookup, type MayReach, requireReachable} from '../host/target-address.ts';

/** Idle ones are closed after a few seconds. */
const kept = {keepAlive: true, maxSockets: 8, timeout: 5000};

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Its beginning. */
  readonly body: string;
}

/** Connections of one receiver, which are used again. */
export class Agents {
  readonly http = new HttpAgent(kept);
  readonly https = new HttpsAgent(kept);

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}

/** In bytes of the answer: what is read, and what is kept. */
const mostRead = 65_536;
const mostKept = 4096;
const mostHeaders = 16_384;

/**
 * Rejects with the error of the connection, a RefusedTarget, or a TimeoutError where it takes longer than the endpoint's time in all. Redirections are not
 * followed.
 */
export async function post(
  endpoint: Endpoint,
  message: Message,
  {agents, mayReach, signal}: Posting,
): Promise<Answered> {
  const {url, timeout, isTrusted} = endpoint;
  if (!isTrusted) requireReachable(new URL(url).hostname, mayReach);
  const whole = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  const posting = {agents, mayReach, signal: whole};
  try {
    return await postOnce(endpoint, message, posting);
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error;
    return postOnce(endpoint, message, posting);
  }
}

interface Posting {
  readonly agents: Agents;
  readonly mayReach: MayReach;
  readonly signal: AbortSignal;
}

/** It was closed at its other end while nobody used it. */
class StaleConnection extends Error {}

async function postOnce(
  {url, method, isTrusted}: Endpoint,
  {headers, body}: Message,
  {agents, mayReach, signal}: Posting,
): Promise<Answered> {
  const target = new URL(url);
  const isSecure = target.protocol === 'https:';
  const send = isSecure ? httpsRequest : httpRequest;
  const content = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const request = send(target, {
      method: method.toUpperCase(),
      agent: isSecure ? agents.https : agents.http,
      headers: {...headers, 'content-length': String(content.length)},
      maxHeaderSize: mostHeaders,
      signal,
      ...(isTrusted ? {} : {lookup: guardedLookup(mayReach)}),
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      const isStale = request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '');
      reject(isStale ? new StaleConnection(error.message, {cause: error}) : error);
    });
    request.once('response', (answer) => {
      read(answer).then(resolve, reject);
    });
    request.end(content);
  });
}

async function read(answer: IncomingMessage): Promise<Answered> {
  const kept: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (length < mostKept) kept.push(chunk.subarray(0, mostKept - length));
    length += chunk.length;
    // It has answered; what else it has to say nobody reads.
    if (length >= mostRead) {
      answer.destroy();
      break;
    }
  }
  const headers = Object.entries(answer.headers).map(
    ([name, value]) => [name, [value].flat().join(', ').slice(0, 1024)] as const,
  );
  return {
    status: answer.statusCode ?? 0,
    headers: Object.fromEntries(headers.slice(0, 50)),
    body: Buffer.concat(kept).toString().toWellFormed().replaceAll('\0', '\uFFFD'),
  };
}
