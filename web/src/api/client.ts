/** The one way to the registry: its API, described by itself. */
import createClient from 'openapi-fetch';
import {addressOf} from '../base.ts';
import {t} from '../texts/texts.ts';
import type {paths} from './generated.js';
import {Problem, problemOf} from './problem.ts';

export const client = createClient<paths>({
  baseUrl: addressOf('api/v1'),
  credentials: 'same-origin',
  headers: {Accept: 'application/json'},
  fetch: async (request) => {
    try {
      return await fetch(request);
    } catch (error) {
      if (request.signal.aborted) throw error;
      throw new Problem(t('problems.offline'), {cause: error});
    }
  },
});

interface Answer<Body> {
  readonly data?: Body;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of an answer: `await read(client.GET('/version'))`. Throws a Problem. */
export async function read<Body>(answer: Promise<Answer<Body>>): Promise<Body> {
  return (await readWhole(answer)).body;
}

/** Where what was answered, or what it is called, stands in the head. */
export async function readWhole<Body>(
  answer: Promise<Answer<Body>>,
): Promise<{readonly body: Body; readonly status: number; readonly etag: string | undefined}> {
  const {data, error, response} = await answer;
  if (!response.ok) throw problemOf(response, error);
  return {
    // Without a body where its type says so.
    body: data as Body,
    status: response.status,
    etag: response.headers.get('ETag') ?? undefined,
  };
}

export interface PageOf<Item> {
  readonly items: readonly Item[];
  /** Of all pages. */
  readonly total: number;
}

/** A page of a list, and how many there are. */
export async function readPage<Item>(
  answer: Promise<Answer<readonly Item[]>>,
): Promise<PageOf<Item>> {
  const {data, error, response} = await answer;
  if (!response.ok || data === undefined) throw problemOf(response, error);
  return {items: data, total: Number(response.headers.get('X-Total') ?? data.length)};
}

/** Only as it was read: `header: ifMatch(etag)`. */
export const ifMatch = (etag: string | undefined): {readonly 'If-Match'?: string} =>
  etag === undefined ? {} : {'If-Match': etag};
