/** Accounts, teams, namespaces, tokens, leases. */
import {randomUUID} from 'node:crypto';
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';
import type {Clock} from '../../host/clock.ts';
import {index, table} from './table.ts';
import type {Visibility} from '../words.ts';

/** What is written here, as it was when this was made. */
interface Tables {
  readonly teams: {
    readonly id: string;
    readonly name: string;
    readonly description: string;
    readonly is_personal: number;
    readonly created_at: number;
  };
  readonly namespaces: {
    readonly id: string;
    readonly name: string;
    readonly team_id: string;
    readonly visibility: string;
    readonly description: string;
    readonly created_at: number;
  };
  readonly revisions: {readonly name: string; readonly value: number};
}

async function makePeople(db: Kysely<Tables>): Promise<void> {
  await table(db, 'teams', {
    id: 'id',
    name: 'name',
    description: 'text',
    is_personal: 'flag',
    created_at: 'time',
  })
    .addPrimaryKeyConstraint('teams_key', ['id'])
    .addUniqueConstraint('teams_name', ['name'])
    .execute();
  await table(
    db,
    'users',
    {
      id: 'id',
      name: 'name',
      is_robot: 'flag',
      provider: 'id',
      subject: 'name',
      is_admin: 'flag',
      is_enabled: 'flag',
      generation: 'number',
      created_at: 'time',
      updated_at: 'time',
    },
    {
      display_name: 'text',
      email: 'text',
      password_hash: 'text',
      team_id: 'id',
      last_login_at: 'time',
    },
  )
    .addPrimaryKeyConstraint('users_key', ['id'])
    .addUniqueConstraint('users_name', ['name'])
    .addUniqueConstraint('users_subject', ['provider', 'subject'])
    .addForeignKeyConstraint('users_team', ['team_id'], 'teams', ['id'])
    .execute();
  await index(db, 'users', 'team_id');
  await table(db, 'claims', {name: 'id', user_id: 'id', created_at: 'time'})
    .addPrimaryKeyConstraint('claims_key', ['name'])
    .execute();
  await table(db, 'memberships', {team_id: 'id', user_id: 'id', role: 'word', created_at: 'time'})
    .addPrimaryKeyConstraint('memberships_key', ['team_id', 'user_id'])
    .addForeignKeyConstraint('memberships_team', ['team_id'], 'teams', ['id'], cascade)
    .addForeignKeyConstraint('memberships_user', ['user_id'], 'users', ['id'], cascade)
    .execute();
  await index(db, 'memberships', 'user_id');
  await table(db, 'namespaces', {
    id: 'id',
    name: 'name',
    team_id: 'id',
    visibility: 'word',
    description: 'text',
    created_at: 'time',
  })
    .addPrimaryKeyConstraint('namespaces_key', ['id'])
    .addUniqueConstraint('namespaces_name', ['name'])
    .addForeignKeyConstraint('namespaces_team', ['team_id'], 'teams', ['id'])
    .execute();
  await index(db, 'namespaces', 'team_id');
}

async function makeTokens(db: Kysely<Tables>): Promise<void> {
  await table(
    db,
    'application_tokens',
    {id: 'id', user_id: 'id', name: 'name', hash: 'id', is_pull_only: 'flag', created_at: 'time'},
    {namespaces: 'text', expires_at: 'time', last_used_at: 'time'},
  )
    .addPrimaryKeyConstraint('application_tokens_key', ['id'])
    .addUniqueConstraint('application_tokens_name', ['user_id', 'name'])
    .addForeignKeyConstraint('application_tokens_user', ['user_id'], 'users', ['id'], cascade)
    .execute();
  await table(
    db,
    'refresh_tokens',
    {
      id: 'id',
      user_id: 'id',
      service: 'name',
      client_id: 'text',
      hash: 'id',
      generation: 'number',
      created_at: 'time',
      last_used_at: 'time',
      expires_at: 'time',
    },
    {application_token_id: 'id'},
  )
    .addPrimaryKeyConstraint('refresh_tokens_key', ['id'])
    .addForeignKeyConstraint('refresh_tokens_user', ['user_id'], 'users', ['id'], cascade)
    .addForeignKeyConstraint(
      'refresh_tokens_application_token',
      ['application_token_id'],
      'application_tokens',
      ['id'],
      cascade,
    )
    .execute();
  await index(db, 'refresh_tokens', 'user_id', 'last_used_at');
  await index(db, 'refresh_tokens', 'application_token_id');
  await index(db, 'refresh_tokens', 'expires_at');
}

async function makeLeases(db: Kysely<Tables>): Promise<void> {
  await table(db, 'upload_leases', {token_id: 'id', repository: 'name', expires_at: 'time'})
    .addPrimaryKeyConstraint('upload_leases_key', ['token_id', 'repository'])
    .execute();
  await index(db, 'upload_leases', 'expires_at');
  await table(db, 'leased_blobs', {
    token_id: 'id',
    repository: 'name',
    digest: 'digest',
    expires_at: 'time',
  })
    .addPrimaryKeyConstraint('leased_blobs_key', ['token_id', 'repository', 'digest'])
    .execute();
  await index(db, 'leased_blobs', 'expires_at');
}

/** The namespace of names without a slash, and the team that owns it. What a killed process has written already, where tables are not undone, stays. */
async function fill(db: Kysely<Tables>, visibility: Visibility, now: number): Promise<void> {
  const common = {description: '', created_at: now};
  const owner = db.selectFrom('teams').select('id').where('name', '=', 'root');
  let id = (await owner.executeTakeFirst())?.id;
  if (id === undefined) {
    id = randomUUID();
    const team = {...common, id, name: 'root', is_personal: 0};
    await db.insertInto('teams').values(team).execute();
  }
  const root = db.selectFrom('namespaces').select('id').where('name', '=', '');
  if (!(await root.executeTakeFirst())) {
    const namespace = {...common, id: randomUUID(), name: '', team_id: id, visibility};
    await db.insertInto('namespaces').values(namespace).execute();
  }
  const counter = db.selectFrom('revisions').select('value').where('name', '=', 'accounts');
  if (await counter.executeTakeFirst()) return;
  await db.insertInto('revisions').values({name: 'accounts', value: 0}).execute();
}

const cascade = <T extends {onDelete(action: 'cascade'): T}>(constraint: T): T =>
  constraint.onDelete('cascade');

export const accounts = (context: {
  readonly now: Clock;
  readonly rootVisibility: Visibility;
}): Migration => ({
  async up(db: Kysely<Tables>) {
    await makePeople(db);
    await makeTokens(db);
    await makeLeases(db);
    await table(db, 'revisions', {name: 'id', value: 'number'})
      .addPrimaryKeyConstraint('revisions_key', ['name'])
      .execute();
    await fill(db, context.rootVisibility, context.now().getTime());
  },
});
