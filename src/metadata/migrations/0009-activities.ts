/** Who did what, from where and with which credential; and the seals by which one sees that nothing of it was changed. */
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';
import {columns} from '../dialect.ts';
import {index, table} from './table.ts';

/** All may be empty: rows that were there have none of it, and a former version that is still at work writes none. */
const added = {
  outcome: 'word',
  actor_kind: 'word',
  namespace_id: 'id',
  repository: 'name',
  team_id: 'id',
  account_id: 'id',
  address: 'id',
  credential_kind: 'word',
  credential_id: 'id',
  credential_name: 'name',
  request_id: 'name',
  times: 'number',
  seal: 'number',
} as const satisfies Readonly<Record<string, keyof typeof columns>>;

export const activities: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const [name, type] of Object.entries(added)) {
      await db.schema.alterTable('activities').addColumn(name, columns[type]).execute();
    }
    await index(db, 'activities', 'seal', 'at');
    await index(db, 'activities', 'actor_name', 'at');
    await index(db, 'activities', 'repository', 'at');
    await table(
      db,
      'activity_seals',
      {
        number: 'number',
        key_id: 'id',
        previous: 'id',
        count: 'number',
        first_id: 'id',
        first_at: 'time',
        last_id: 'id',
        last_at: 'time',
        leaves: 'text',
        leaves_hash: 'id',
        hash: 'id',
        mac: 'id',
        created_at: 'time',
      },
      {removed_at: 'time', removed_key_id: 'id', removed_mac: 'id'},
    )
      .addPrimaryKeyConstraint('activity_seals_key', ['number'])
      .execute();
  },
};
