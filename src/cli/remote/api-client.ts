/** Asks the API of a server elsewhere: over TLS that is verified, with an end, and never led elsewhere. */
import {z} from 'zod';
import {boundedFetch} from '../../auth/providers/bounded-fetch.ts';
import {faultIn} from '../../auth/providers/provider-fault.ts';
import {apiBase} from '../../http/api/routes.ts';
import {Failure} from '../failure.ts';
import type {Server} from './server.ts';

interface ApiRequest {
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: object;
}

export interface ApiClient {
  /** `path` as pieces, which may have anything in them. Rejects with a Failure. */
  readonly ask: <T extends z.ZodType>(
    answer: T,
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: readonly string[],
    request?: ApiRequest,
  ) => Promise<z.output<T>>;
}

/** In milliseconds, for the whole of one request. */
const timeout = 60_000;

const words = {address: '--server', others: '--', ports: '5000 unless it is set'};

export function apiClient({url, token, ca}: Server): ApiClient {
  const fetch = boundedFetch({ca, verify: true, timeout, words});
  const authorization = `Basic ${Buffer.from(token).toString('base64')}`;
  return {
    ask: async (answer, method, path, {query = {}, body} = {}) => {
      const place = path.map((piece) => `/${encodeURIComponent(piece)}`).join('');
      const search = searchOf(query);
      const response = await asked(url, async () =>
        fetch(`${url}${apiBase}${place}${search}`, {
          method,
          headers: {
            Authorization: authorization,
            Accept: 'application/json',
            ...(body === undefined ? {} : {'Content-Type': 'application/json'}),
          },
          body: body === undefined ? undefined : JSON.stringify(body),
        }),
      );
      const text = await response.text();
      if (!response.ok) throw refusalOf(url, response.status, text);
      const parsed = answer.safeParse(text === '' ? undefined : parseJson(text));
      if (parsed.success) return parsed.data;
      throw new Failure(
        `${url} answers what this version does not understand: is it a Holdfast of this version or later?`,
        {cause: parsed.error},
      );
    },
  };
}

function searchOf(query: ApiRequest['query'] = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) given.set(name, value);
  }
  return given.size === 0 ? '' : `?${given.toString()}`;
}

async function asked(url: string, ask: () => Promise<Response>): Promise<Response> {
  try {
    return await ask();
  } catch (error) {
    const fault = faultIn(error);
    if (!fault) throw error;
    const {finding, advice} = fault;
    const hint = advice === undefined ? '' : ` (${advice.replaceAll('--caFile', '--ca-file')})`;
    throw new Failure(`${url}: ${finding}${hint}`, {cause: error});
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const refusal = z.object({
  errors: z.array(z.object({code: z.string(), message: z.string()})).min(1),
});

/** What the server says is shown on a terminal: nothing but what can be seen of it. */
function refusalOf(url: string, status: number, text: string): Failure {
  const told = refusal.safeParse(parseJson(text));
  if (!told.success) {
    return new Failure(`${url} answers ${status}, and not as the API of a Holdfast does`);
  }
  const sentences = told.data.errors.map(({message}) => message);
  const shown = sentences
    .join('; ')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .slice(0, 1000);
  const code = status === 422 || status === 400 ? 2 : 1;
  if (status === 401) {
    return new Failure(`${url}: ${shown}; see --token-file`, {code});
  }
  return new Failure(shown, {code});
}
