/** Requests to a provider: over TLS that is verified with its own CA, with an end and a limit, and never led elsewhere by a redirect. */
import {request as requestPlain} from 'node:http';
import {request as requestTls} from 'node:https';
import type {IncomingMessage} from 'node:http';
import type {SettingWords} from './diagnosis.ts';
import {diagnoseRequest} from './request-diagnosis.ts';
import {ProviderFault} from './provider-fault.ts';

/** In bytes; somebody may have thousands of projects, and all else has a hundredth of it. */
const mostReceived = 4 * 1024 * 1024;

export interface FetchOptions {
  /** Authorities in PEM; absent: those of the system. */
  readonly ca: string | undefined;
  readonly verify: boolean;
  /** In ms, from the first byte to the last. */
  readonly timeout: number;
  /** What an operator would change. */
  readonly words: SettingWords;
}

interface Request {
  readonly method?: string;
  readonly headers?: Headers | Record<string, string>;
  readonly body?: unknown;
}

/** As libraries want a fetch. Rejects with a ProviderFault, and with the reason of the signal; that of a library, which has time-outs of its own, counts for nothing. */
export type BoundedFetch = (
  url: string,
  request: Request,
  signal?: AbortSignal,
) => Promise<Response>;

export function boundedFetch(options: FetchOptions): BoundedFetch {
  return async (url, request, gone) => {
    gone?.throwIfAborted();
    const limit = AbortSignal.timeout(options.timeout);
    const signal = gone ? AbortSignal.any([gone, limit]) : limit;
    try {
      const answer = await send(url, request, {...options, signal});
      const response = await toResponse(answer);
      // A body that ends with its connection looks whole when the time-out has cut it.
      signal.throwIfAborted();
      return response;
    } catch (cause) {
      gone?.throwIfAborted();
      const code = limit.aborted ? 'TIMEOUT' : undefined;
      const {origin, pathname} = new URL(url);
      // Without the query: nothing of a login is to stand in the log.
      const place = `${origin}${pathname}`;
      throw new ProviderFault(
        {url: place, ...diagnoseRequest(cause, code, {...options, url: place})},
        {cause},
      );
    }
  };
}

async function send(
  url: string,
  {method = 'GET', headers = {}, body}: Request,
  {ca, verify, signal}: Pick<FetchOptions, 'ca' | 'verify'> & {readonly signal: AbortSignal},
): Promise<IncomingMessage> {
  const {promise, resolve, reject} = Promise.withResolvers<IncomingMessage>();
  const target = new URL(url);
  const options = {
    method,
    headers: Object.fromEntries(new Headers(headers)),
    signal,
    // None is kept: a connection that the other side has ended meanwhile would look like an outage.
    agent: false,
  } as const;
  const trust = {...(ca === undefined ? {} : {ca}), rejectUnauthorized: verify};
  const request =
    target.protocol === 'https:'
      ? requestTls(target, {...options, ...trust}, resolve)
      : requestPlain(target, options, resolve);
  request.once('error', reject);
  request.end(textOf(body));
  return promise;
}

/** What the libraries send: a form, or nothing. */
const textOf = (body: unknown): string | undefined =>
  typeof body === 'string' || body instanceof URLSearchParams ? body.toString() : undefined;

async function toResponse(answer: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostReceived) {
      answer.destroy();
      throw Object.assign(new Error('the answer is too large'), {code: 'TOO_LARGE'});
    }
    chunks.push(chunk);
  }
  // One that was cut may look as if it had ended.
  if (!answer.complete) throw new Error('the answer broke off');
  const {statusCode: status = 500} = answer;
  const isEmpty = [204, 205, 304].includes(status);
  return new Response(isEmpty ? null : Buffer.concat(chunks), {
    status,
    headers: headersOf(answer),
  });
}

/** All but the challenge: a library takes it for the answer, and tells nothing of what the body says. */
const headersOf = ({headers}: IncomingMessage): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]) =>
    typeof value === 'string' && name !== 'www-authenticate' ? [[name, value]] : [],
  );
