/** From where somebody has signed in, with what, and whether his browser is to remember it. */
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';
import {columns} from '../dialect.ts';

/** All may be empty: sessions that were there have none of it, and a former version that is still at work writes none. */
const added = {
  address: 'id',
  user_agent: 'name',
  remembered: 'flag',
} as const satisfies Readonly<Record<string, keyof typeof columns>>;

export const sessionPlaces: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const [name, type] of Object.entries(added)) {
      await db.schema.alterTable('sessions').addColumn(name, columns[type]).execute();
    }
  },
};
