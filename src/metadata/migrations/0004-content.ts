/** The index of content, what people add to repositories, and what is counted. */
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';
import type {columns} from '../dialect.ts';
import {index, table} from './table.ts';

type Column = keyof typeof columns;

interface Table {
  readonly filled: Readonly<Record<string, Column>>;
  readonly optional?: Readonly<Record<string, Column>>;
  readonly key: readonly string[];
  readonly indexes?: readonly (readonly string[])[];
  /** Goes with its user, or loses him. */
  readonly user?: 'cascade' | 'set null';
}

const tables: Readonly<Record<string, Table>> = {
  repositories: {
    filled: {path: 'name', tag_count: 'number'},
    optional: {pushed_at: 'time'},
    key: ['path'],
    indexes: [['pushed_at']],
  },
  manifests: {
    filled: {
      digest: 'digest',
      media_type: 'name',
      kind: 'word',
      size: 'number',
      content_size: 'number',
    },
    optional: {
      artifact_type: 'name',
      config_digest: 'digest',
      subject: 'digest',
      platform: 'name',
      built_at: 'id',
      annotations: 'text',
      labels: 'text',
    },
    key: ['digest'],
    indexes: [['subject']],
  },
  manifest_contents: {
    filled: {
      manifest: 'digest',
      position: 'number',
      digest: 'digest',
      role: 'word',
      media_type: 'name',
      size: 'number',
    },
    key: ['manifest', 'position'],
    indexes: [['digest']],
  },
  revisions_held: {
    filled: {path: 'name', digest: 'digest', pushed_at: 'time'},
    optional: {pushed_by: 'name'},
    key: ['path', 'digest'],
    indexes: [['digest']],
  },
  tags: {
    filled: {path: 'name', name: 'name', digest: 'digest', pushed_at: 'time'},
    optional: {pushed_by: 'name'},
    key: ['path', 'name'],
    indexes: [['path', 'digest']],
  },
  outbox: {
    filled: {id: 'id', path: 'name', digests: 'text', tags: 'text', created_at: 'time'},
    optional: {actor: 'name'},
    key: ['id'],
    indexes: [['created_at']],
  },
  index_state: {filled: {name: 'id', value: 'text'}, key: ['name']},
  repository_descriptions: {
    filled: {path: 'name', description: 'text', updated_at: 'time'},
    optional: {updated_by: 'name'},
    key: ['path'],
  },
  stars: {
    filled: {path: 'name', user_id: 'id', created_at: 'time'},
    key: ['path', 'user_id'],
    indexes: [['user_id']],
    user: 'cascade',
  },
  comments: {
    filled: {
      id: 'id',
      path: 'name',
      author: 'name',
      body: 'text',
      created_at: 'time',
      updated_at: 'time',
    },
    optional: {user_id: 'id'},
    key: ['id'],
    indexes: [['path', 'created_at'], ['user_id']],
    user: 'set null',
  },
  pulls: {
    filled: {path: 'name', reference: 'digest', pulls: 'number', last_pulled_at: 'time'},
    key: ['path', 'reference'],
  },
  daily_counts: {
    filled: {path: 'name', day: 'word', pulls: 'number', pushes: 'number'},
    key: ['path', 'day'],
    indexes: [['day']],
  },
};

export const content: Migration = {
  up: async (db: Kysely<unknown>) => {
    for (const [name, made] of Object.entries(tables)) await make(db, name, made);
  },
};

async function make(
  db: Kysely<unknown>,
  name: string,
  {filled, optional, key, indexes = [], user}: Table,
): Promise<void> {
  let builder = table(db, name, filled, optional).addPrimaryKeyConstraint(`${name}_key`, [...key]);
  if (user) {
    builder = builder.addForeignKeyConstraint(`${name}_user`, ['user_id'], 'users', ['id'], (it) =>
      it.onDelete(user),
    );
  }
  await builder.execute();
  for (const on of indexes) await index(db, name, ...on);
}
