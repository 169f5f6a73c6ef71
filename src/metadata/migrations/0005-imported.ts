/** What was taken from another system, and what such systems have beside accounts and content: webhooks, and the record of what was done. */
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';
import {index, table} from './table.ts';

export const imported: Migration = {
  up: async (db: Kysely<unknown>) => {
    await table(
      db,
      'webhooks',
      {
        id: 'id',
        namespace_id: 'id',
        name: 'name',
        url: 'text',
        method: 'word',
        content_type: 'word',
        headers: 'text',
        is_enabled: 'flag',
        created_at: 'time',
      },
      {username: 'text', password: 'text'},
    )
      .addPrimaryKeyConstraint('webhooks_key', ['id'])
      .addForeignKeyConstraint(
        'webhooks_namespace',
        ['namespace_id'],
        'namespaces',
        ['id'],
        (constraint) => constraint.onDelete('cascade'),
      )
      .execute();
    await index(db, 'webhooks', 'namespace_id');
    await table(
      db,
      'activities',
      {
        id: 'id',
        at: 'time',
        key: 'id',
        actor_name: 'name',
        subject_kind: 'word',
        subject_name: 'name',
        parameters: 'text',
      },
      {actor_id: 'id', subject_id: 'id', namespace: 'name'},
    )
      .addPrimaryKeyConstraint('activities_key', ['id'])
      .execute();
    await index(db, 'activities', 'at', 'id');
    await index(db, 'activities', 'namespace', 'at');
    await table(db, 'imported', {source: 'name', kind: 'word', source_id: 'name', id: 'name'})
      .addPrimaryKeyConstraint('imported_key', ['source', 'kind', 'source_id'])
      .execute();
    await index(db, 'imported', 'kind', 'source_id');
  },
};
