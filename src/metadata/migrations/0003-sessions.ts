/** Sign-ins with a browser. */
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';
import {index, table} from './table.ts';

export const sessions: Migration = {
  up: async (db: Kysely<unknown>) => {
    await table(db, 'sessions', {
      id: 'id',
      user_id: 'id',
      hash: 'id',
      generation: 'number',
      provider: 'id',
      created_at: 'time',
      last_used_at: 'time',
      expires_at: 'time',
    })
      .addPrimaryKeyConstraint('sessions_key', ['id'])
      .addForeignKeyConstraint('sessions_user', ['user_id'], 'users', ['id'], (it) =>
        it.onDelete('cascade'),
      )
      .execute();
    await index(db, 'sessions', 'user_id', 'last_used_at');
    await index(db, 'sessions', 'expires_at');
  },
};
