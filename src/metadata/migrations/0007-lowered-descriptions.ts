/** Descriptions in small letters, to be searched in: what an engine does with capitals differs from one to the next. */
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';
import {columns} from '../dialect.ts';

const atOnce = 100;

interface Before {
  readonly repository_descriptions: {
    readonly path: string;
    readonly description: string;
    readonly lowered: string | null;
  };
}

export const loweredDescriptions: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .alterTable('repository_descriptions')
      .addColumn('lowered', columns.text)
      .execute();
    const before = db as Kysely<Before>;
    await fill(before);
  },
};

/** Of the descriptions that there are already. */
async function fill(db: Kysely<Before>): Promise<void> {
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('repository_descriptions')
      .select(['path', 'description'])
      .where('path', '>', after)
      .orderBy('path')
      .limit(atOnce)
      .execute();
    for (const {path, description} of rows) {
      await db
        .updateTable('repository_descriptions')
        .set({lowered: description.toLowerCase()})
        .where('path', '=', path)
        .execute();
    }
    if (rows.length < atOnce) return;
    after = rows.at(-1)?.path ?? after;
  }
}
