/** One page of what a query finds, and how much there is on all pages. */
import {type SelectQueryBuilder, sql} from 'kysely';
import {type Counted, emptyLeast, pageSize, type SortedPage} from './page.ts';
import type {Schema} from './schema.ts';

/** Of all that a query finds, the page that is wanted, by the column that stands for its order; where many have the same there, by `tie`. */
export async function countedPage<TB extends keyof Schema, Row>(
  query: SelectQueryBuilder<Schema, TB, object>,
  {
    page,
    columns,
    tie,
    select,
  }: {
    readonly page: SortedPage<string>;
    readonly columns: Readonly<Record<string, string>>;
    readonly tie: string;
    readonly select: (
      query: SelectQueryBuilder<Schema, TB, object>,
    ) => SelectQueryBuilder<Schema, TB, Row>;
  },
): Promise<Counted<Row>> {
  const {total} = await query
    .select(({fn}) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const column = columns[page.sort] ?? tie;
  const direction = page.isDescending ? 'desc' : 'asc';
  const items = await select(query)
    // That one is never empty, and has an index.
    .$if(column === tie, (sorted) => sorted.orderBy(sql.ref(tie), direction))
    .$if(column !== tie, (sorted) =>
      sorted.orderBy(sql.ref(column), emptyLeast(page)).orderBy(sql.ref(tie)),
    )
    .limit(pageSize(page))
    .offset(page.offset)
    .execute();
  return {items, total};
}
