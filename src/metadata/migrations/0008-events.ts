/** What happens to content, who wants to be told of it, and what became of telling them. */
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';
import {columns} from '../dialect.ts';
import {index, table} from './table.ts';

interface Positions {
  readonly event_positions: {readonly name: string; readonly value: number};
}

const ofWebhooks = ['format', 'actions', 'repositories', 'media_types', 'secret'] as const;

export const events: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.alterTable('outbox').addColumn('happening', columns.text).execute();
    for (const column of ofWebhooks) {
      await db.schema.alterTable('webhooks').addColumn(column, columns.text).execute();
    }
    await table(
      db,
      'events',
      {seq: 'number', id: 'id', at: 'time', action: 'word', object: 'word', path: 'name'},
      {
        digest: 'digest',
        tag: 'digest',
        media_type: 'name',
        size: 'number',
        from_path: 'name',
        actor: 'name',
        request: 'text',
      },
    )
      .addPrimaryKeyConstraint('events_key', ['seq'])
      .execute();
    await index(db, 'events', 'at');
    await table(db, 'event_positions', {name: 'id', value: 'number'})
      .addPrimaryKeyConstraint('event_positions_key', ['name'])
      .execute();
    const positions = ['written', 'handed-out'].map((name) => ({name, value: 0}));
    // Where it is not all in one transaction, one that was cut off is done again.
    await (db as Kysely<Positions>).deleteFrom('event_positions').execute();
    await (db as Kysely<Positions>).insertInto('event_positions').values(positions).execute();
    await table(db, 'leases', {name: 'id', holder: 'id', expires_at: 'time'})
      .addPrimaryKeyConstraint('leases_key', ['name'])
      .execute();
    await table(
      db,
      'deliveries',
      {
        id: 'id',
        endpoint: 'name',
        seq: 'number',
        path: 'name',
        action: 'word',
        state: 'word',
        attempts: 'number',
        refusals: 'number',
        due_at: 'time',
        created_at: 'time',
      },
      {
        finished_at: 'time',
        status: 'number',
        problem: 'text',
        request: 'text',
        response: 'text',
        payload: 'text',
      },
    )
      .addPrimaryKeyConstraint('deliveries_key', ['id'])
      .execute();
    await index(db, 'deliveries', 'endpoint', 'state', 'seq');
    await index(db, 'deliveries', 'endpoint', 'created_at');
    await index(db, 'deliveries', 'finished_at');
  },
};
