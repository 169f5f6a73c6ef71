/** Sign-ins with a browser. */
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';
import {columns} from '../dialect.ts';

export const sessions: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema
      .createTable('sessions')
      .addColumn('id', columns.id, (it) => it.notNull())
      .addColumn('user_id', columns.id, (it) => it.notNull())
      .addColumn('hash', columns.id, (it) => it.notNull())
      .addColumn('generation', columns.number, (it) => it.notNull())
      .addColumn('provider', columns.id, (it) => it.notNull())
      .addColumn('created_at', columns.time, (it) => it.notNull())
      .addColumn('last_used_at', columns.time, (it) => it.notNull())
      .addColumn('expires_at', columns.time, (it) => it.notNull())
      .addPrimaryKeyConstraint('sessions_key', ['id'])
      .addForeignKeyConstraint('sessions_user', ['user_id'], 'users', ['id'], (it) =>
        it.onDelete('cascade'),
      )
      .execute();
    await index(db, 'user_id', 'last_used_at');
    await index(db, 'expires_at');
  },
};

async function index({schema}: Kysely<unknown>, ...on: string[]): Promise<void> {
  await schema
    .createIndex(`sessions_${on.join('_')}`)
    .on('sessions')
    .columns(on)
    .execute();
}
