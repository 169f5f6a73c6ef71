/** Lists come in pages, by number and in an order that the client chooses, as Portus has them. */
import {z} from 'zod';
import type {SortedPage} from '../../metadata/page.ts';
import type {Context} from '../context.ts';
import {here} from '../sign-in/place.ts';
import type {Reply} from './endpoint.ts';

const usual = 15;
/** However much is asked for. */
const most = 1000;

const count = (largest: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,8}$/, `must be a number from 1 to ${largest}`)
    .transform(Number)
    .refine((value) => value <= largest, `must be a number from 1 to ${largest}`);

export const flag = z
  .enum(['true', 'false', '1', '0'], 'must be true or false')
  .transform((text) => text === 'true' || text === '1');

/** Of lists that are read on from what came last. */
export const limitField = (largest: number, used: number) =>
  count(largest).prefault(String(used)).meta({
    type: 'integer',
    default: used,
    maximum: largest,
    description: 'How many at most.',
  });

/** The first of `sorts` is what a list is sorted by unless it is asked otherwise. */
export const pageQuery = <const S extends readonly [string, ...string[]]>(sorts: S) =>
  z.strictObject({
    page: count(100_000_000)
      .prefault('1')
      .meta({type: 'integer', default: 1, description: 'Which page; the first is 1.'}),
    per_page: count(most)
      .prefault(String(usual))
      .meta({type: 'integer', default: usual, maximum: most, description: 'How many on a page.'}),
    all: flag
      .prefault('false')
      .meta({type: 'boolean', default: false, description: `All on one page: up to ${most}.`}),
    sort_attr: z
      .enum(sorts, `must be one of ${sorts.join(', ')}`)
      .default(sorts[0])
      .describe('The field to sort by.'),
    sort_order: z
      .enum(['asc', 'desc'], 'must be asc or desc')
      .default('asc')
      .describe('Up or down.'),
  });

interface PageQuery<K extends string> {
  readonly page: number;
  readonly per_page: number;
  readonly all: boolean;
  readonly sort_attr: K;
  readonly sort_order: 'asc' | 'desc';
}

export function toPage<K extends string>(query: PageQuery<K>): SortedPage<K> {
  const {page, limit} = sizeOf(query);
  const {sort_attr: sort, sort_order: order} = query;
  return {sort, isDescending: order === 'desc', offset: (page - 1) * limit, limit};
}

const sizeOf = ({
  page,
  per_page: limit,
  all,
}: Omit<PageQuery<string>, 'sort_attr' | 'sort_order'>) =>
  all ? {page: 1, limit: most} : {page, limit};

/** With what leads to the other pages. */
export function pageReply(
  ctx: Context,
  query: PageQuery<string>,
  {items, total}: {readonly items: readonly object[]; readonly total: number},
): Reply {
  const {page, limit} = sizeOf(query);
  const pages = Math.max(1, Math.ceil(total / limit));
  const previous = page > 1 ? Math.min(page - 1, pages) : undefined;
  const next = page < pages ? page + 1 : undefined;
  const headers = {
    'X-Page': String(page),
    'X-Per-Page': String(limit),
    'X-Total': String(total),
    'X-Total-Pages': String(pages),
    'X-Prev-Page': String(previous ?? ''),
    'X-Next-Page': String(next ?? ''),
    Link: [
      ...(previous === undefined ? [] : [link(ctx, limit, previous, 'prev')]),
      ...(next === undefined ? [] : [link(ctx, limit, next, 'next')]),
      link(ctx, limit, 1, 'first'),
      link(ctx, limit, pages, 'last'),
    ].join(', '),
  };
  return {status: 200, body: items, headers};
}

function link(ctx: Context, limit: number, page: number, relation: string): string {
  const query = new URLSearchParams(ctx.querystring);
  query.delete('all');
  query.set('per_page', String(limit));
  query.set('page', String(page));
  return `<${here(ctx, ctx.path)}?${query.toString()}>; rel="${relation}"`;
}
