/** Which node takes something out of a repository. */
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';
import {table} from './table.ts';

export const removals: Migration = {
  up: async (db: Kysely<unknown>) => {
    await table(db, 'removals', {path: 'name', id: 'id', epoch: 'number'})
      .addPrimaryKeyConstraint('removals_key', ['path'])
      .execute();
  },
};
