/** An operation of the administration by the API: what goes in and comes out is the same. */
import type {z} from 'zod';
import type {Operation} from '../../auth/administration/operation.ts';
import {everyPage} from '../output.ts';
import type {ApiClient} from './api-client.ts';

export interface Remote {
  readonly name: string;
  readonly run: (api: ApiClient, input: unknown) => Promise<unknown>;
}

export const remote = <I extends z.ZodType, O extends z.ZodType, C>(
  {name}: Operation<I, O, C>,
  run: (api: ApiClient, input: z.input<I>) => Promise<z.output<O>>,
): Remote => ({
  name,
  // Whoever asks has the operation in his hands, and with it the type of its input.
  run: async (api, input) => run(api, input as z.input<I>),
});

/** A page of a list: its number stands for the last name of the one before. */
export const pageOf = (after: string | undefined) => ({
  per_page: String(perPage),
  page: after ?? '1',
});

export const nextPage = (
  items: readonly unknown[],
  after: string | undefined,
): {readonly next?: string} =>
  items.length < perPage ? {} : {next: String(Number(after ?? '1') + 1)};

const perPage = 500;

/** All pages of a list. */
export async function everyItem<T>(
  ask: (query: ReturnType<typeof pageOf>) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  return everyPage(async (page) => {
    const items = await ask(pageOf(page.after));
    return {items, next: nextPage(items, page.after).next};
  });
}
