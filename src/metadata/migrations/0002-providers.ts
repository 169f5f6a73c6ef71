/** Where a membership comes from, and whether groups of a directory count for a team. */
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';
import {columns} from '../dialect.ts';

export const providers: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable('memberships').addColumn('source', columns.word).execute();
    await db.schema
      .alterTable('teams')
      .addColumn('is_synced', columns.flag, (it) => it.notNull().defaultTo(1))
      .execute();
  },
};
