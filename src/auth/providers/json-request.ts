/** Questions to other servers in JSON: bounded in time and size, and to nobody whose certificate does not fit. */
import {request as requestHttp, type IncomingHttpHeaders, type IncomingMessage} from 'node:http';
import {request as requestHttps} from 'node:https';

/** In bytes. */
const longestAnswer = 4 * 1024 * 1024;

export interface JsonQuestion {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** In PEM; absent: the authorities of the system. */
  readonly ca: string | undefined;
  readonly verify: boolean;
  /** In milliseconds, for the whole answer. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

export interface JsonAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** `undefined`: none, or no JSON. */
  readonly body: unknown;
}

/**
 * Redirects are not followed: a password goes nowhere else. Rejects with the signal's reason, or the error of the connection, whose code
 * is TIMEOUT where the answer takes too long.
 */
export async function askJson(question: JsonQuestion): Promise<JsonAnswer> {
  const {signal, timeout} = question;
  signal.throwIfAborted();
  const limit = AbortSignal.timeout(timeout);
  try {
    const response = await send(question, AbortSignal.any([signal, limit]));
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: parsed(await read(response)),
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!limit.aborted) throw error;
    throw Object.assign(new Error('no answer', {cause: error}), {code: 'TIMEOUT'});
  }
}

function send(
  {method, url, headers, body, ca, verify}: JsonQuestion,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const options = {
    method,
    signal,
    headers: {
      Accept: 'application/json',
      ...(text === undefined
        ? {}
        : {'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text)}),
      ...headers,
    },
  };
  return new Promise((resolve, reject) => {
    const request =
      url.protocol === 'https:'
        ? requestHttps(url, {
            ...options,
            rejectUnauthorized: verify,
            ...(ca === undefined ? {} : {ca}),
          })
        : requestHttp(url, options);
    request.once('response', resolve);
    request.once('error', reject);
    request.end(text);
  });
}

async function read(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > longestAnswer) throw new Error(`an answer of more than ${longestAnswer} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
