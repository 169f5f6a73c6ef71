/** A database as Portus has it, in a real server. */
import {hashSync} from 'bcryptjs';
import type {ServerOptions} from '../../src/metadata/server-pool.ts';
import type {DatabaseServer} from './database-server.ts';
import {secret} from './secrets.ts';

type Kind = 'word' | 'text' | 'number' | 'large' | 'flag' | 'time';

const columns: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  users: {
    username: 'word',
    email: 'word',
    encrypted_password: 'word',
    reset_password_token: 'word',
    reset_password_sent_at: 'time',
    remember_created_at: 'time',
    sign_in_count: 'number',
    current_sign_in_at: 'time',
    last_sign_in_at: 'time',
    current_sign_in_ip: 'word',
    last_sign_in_ip: 'word',
    admin: 'flag',
    enabled: 'flag',
    ldap_name: 'word',
    failed_attempts: 'number',
    locked_at: 'time',
    namespace_id: 'number',
    display_name: 'word',
    provider: 'word',
    uid: 'word',
    bot: 'flag',
    ldap_group_checked: 'number',
  },
  teams: {
    name: 'word',
    hidden: 'flag',
    description: 'text',
    ldap_group_checked: 'number',
    checked_at: 'time',
  },
  team_users: {user_id: 'number', team_id: 'number', role: 'number'},
  namespaces: {
    name: 'word',
    team_id: 'number',
    registry_id: 'number',
    global: 'flag',
    description: 'text',
    visibility: 'number',
  },
  registries: {name: 'word', hostname: 'word', external_hostname: 'word', use_ssl: 'flag'},
  repositories: {name: 'word', namespace_id: 'number', marked: 'flag', description: 'text'},
  tags: {
    name: 'word',
    repository_id: 'number',
    user_id: 'number',
    username: 'word',
    digest: 'word',
    image_id: 'word',
    size: 'large',
    marked: 'flag',
    scanned: 'number',
    pulled_at: 'time',
  },
  application_tokens: {
    application: 'word',
    token_hash: 'word',
    token_salt: 'word',
    user_id: 'number',
  },
  webhooks: {
    namespace_id: 'number',
    name: 'word',
    url: 'word',
    username: 'word',
    password: 'word',
    request_method: 'number',
    content_type: 'number',
    enabled: 'flag',
  },
  webhook_headers: {webhook_id: 'number', name: 'word', value: 'word'},
  webhook_deliveries: {
    webhook_id: 'number',
    uuid: 'word',
    status: 'number',
    request_header: 'text',
    request_body: 'text',
    response_header: 'text',
    response_body: 'text',
  },
  stars: {user_id: 'number', repository_id: 'number'},
  comments: {body: 'text', repository_id: 'number', user_id: 'number'},
  activities: {
    trackable_type: 'word',
    trackable_id: 'number',
    owner_type: 'word',
    owner_id: 'number',
    recipient_type: 'word',
    recipient_id: 'number',
    key: 'word',
    parameters: 'text',
  },
  registry_events: {event_id: 'word', status: 'number', data: 'text'},
};

type Value = string | number | boolean | null;
export type PortusRow = Readonly<Record<string, Value>>;

export interface PortusDatabase {
  readonly server: ServerOptions;
  /** Rows get their ids in their order, from 1, unless they have one. */
  insert(table: string, rows: readonly PortusRow[]): Promise<void>;
  /** As the administrator of the server. */
  administer(sql: string): Promise<unknown>;
}

/** When all rows were made, unless they say otherwise; UTC. */
export const madeAt = '2020-01-02 03:04:05';

export async function makePortus(
  server: DatabaseServer,
  {charset = 'utf8mb4'}: {readonly charset?: string} = {},
): Promise<PortusDatabase> {
  const options = await server.fresh();
  const isMariadb = server.engine === 'mariadb';
  const types: Readonly<Record<Kind, string>> = {
    word: 'varchar(255)',
    text: 'text',
    number: 'integer',
    large: 'bigint',
    flag: isMariadb ? 'tinyint(1)' : 'boolean',
    time: isMariadb ? 'datetime' : 'timestamp without time zone',
  };
  const quote = (name: string): string => (isMariadb ? `\`${name}\`` : `"${name}"`);
  const administer = async (sql: string) => server.administer(sql, options.database);
  for (const [table, own] of Object.entries(columns)) {
    const all = {...own, created_at: 'time', updated_at: 'time'} as const;
    const id = isMariadb ? 'id integer auto_increment primary key' : 'id serial primary key';
    const others = Object.entries(all).map(([name, kind]) => `${quote(name)} ${types[kind]}`);
    const end = isMariadb ? ` default charset=${charset}` : '';
    await administer(`create table ${table} (${[id, ...others].join(', ')})${end}`);
  }
  if (!isMariadb)
    await administer(`grant select on all tables in schema public to ${options.user}`);
  const literal = (value: Value): string => {
    if (typeof value !== 'string') return value === null ? 'null' : String(value);
    const text = value.replaceAll("'", "''");
    return `'${isMariadb ? text.replaceAll('\\', '\\\\') : text}'`;
  };
  return {
    server: options,
    administer,
    insert: async (table, rows) => {
      for (const [index, row] of rows.entries()) {
        const full = {id: index + 1, created_at: madeAt, updated_at: madeAt, ...row};
        const names = Object.keys(full).map(quote).join(', ');
        const values = Object.values(full).map(literal).join(', ');
        await administer(`insert into ${table} (${names}) values (${values})`);
      }
    },
  };
}

export const portusPassword = (name: string): string => secret(`Portus ${name}: p@ss w"rd`);
/** Of the form that Portus gives them. */
export const portusToken = (name: string): string => secret(`tok-${name}_`.padEnd(20, 'x7Q'));

/** By the prefixes that programs write: Ruby's 2a, PHP's 2y. */
export const bcrypt = (text: string, prefix = '2a', cost = 4): string =>
  hashSync(text, cost).replace(/^\$2[aby]\$/, `$${prefix}$`);

const yaml = `--- !ruby/hash:ActiveSupport::HashWithIndifferentAccess
namespace_name: makers
:repo_name: tool
tag_name: :latest
`;

/** A small firm: accounts of every kind, teams, images, and what went wrong over the years. */
export async function fillPortus(portus: PortusDatabase): Promise<void> {
  const user = (username: string, more: PortusRow = {}): PortusRow => ({
    username,
    email: `${username}@example.org`,
    encrypted_password: bcrypt(portusPassword(username)),
    admin: false,
    enabled: true,
    bot: false,
    failed_attempts: 0,
    ...more,
  });
  await portus.insert('registries', [
    {name: 'registry', hostname: 'registry.example.org', external_hostname: '', use_ssl: true},
  ]);
  await portus.insert('users', [
    user('portus', {admin: true}),
    user('anna', {
      admin: true,
      namespace_id: 2,
      display_name: 'Anna Müller',
      encrypted_password: bcrypt(portusPassword('anna'), '2a', 10),
    }),
    user('bert', {encrypted_password: bcrypt(portusPassword('bert'), '2y'), namespace_id: 4}),
    user('Carla Müller', {email: ''}),
    user('lena', {encrypted_password: '', ldap_name: 'Lena.Lang'}),
    user('otto', {encrypted_password: '', provider: 'openid_connect', uid: '42'}),
    user('ci-bot', {bot: true}),
    user('dora', {enabled: false}),
    user('!!!'),
    user('gaby', {encrypted_password: 'md5:garbage', locked_at: madeAt}),
    user('Anna'),
  ]);
  await portus.insert('teams', [
    {name: 'portus_global_team_1', hidden: true, description: null, ldap_group_checked: 0},
    {name: 'anna', hidden: true, description: '', ldap_group_checked: 0},
    {name: 'makers', hidden: false, description: 'They **make**', ldap_group_checked: 2},
    {name: 'bert', hidden: true, description: '', ldap_group_checked: 0},
    {name: 'user:nobody', hidden: false, description: '', ldap_group_checked: 1},
  ]);
  await portus.insert('team_users', [
    {team_id: 1, user_id: 2, role: 2},
    {team_id: 2, user_id: 2, role: 2},
    {team_id: 3, user_id: 2, role: 2},
    {team_id: 3, user_id: 3, role: 1},
    {team_id: 3, user_id: 5, role: 0},
    {team_id: 3, user_id: 7, role: 9},
    {team_id: 77, user_id: 3, role: 0},
    {team_id: 4, user_id: 3, role: 2},
  ]);
  await portus.insert('namespaces', [
    {
      name: 'registry.example.org',
      team_id: 1,
      registry_id: 1,
      global: true,
      visibility: 2,
      description: 'all',
    },
    {name: 'anna', team_id: 2, registry_id: 1, global: false, visibility: 0, description: ''},
    {
      name: 'makers',
      team_id: 3,
      registry_id: 1,
      global: false,
      visibility: 1,
      description: 'tools',
    },
    {name: 'bert_x', team_id: 4, registry_id: 1, global: false, visibility: 7, description: ''},
    {name: 'Bad Name', team_id: 3, registry_id: 1, global: false, visibility: 0, description: ''},
    {name: 'orphan', team_id: 99, registry_id: 1, global: false, visibility: 0, description: ''},
  ]);
  await portus.insert('repositories', [
    {name: 'tool', namespace_id: 3, marked: false, description: 'A *tool* für alle'},
    {name: 'busybox', namespace_id: 1, marked: false, description: ''},
    {name: 'lost', namespace_id: 5, marked: false, description: 'lost'},
  ]);
  await portus.insert('tags', [
    {
      name: 'latest',
      repository_id: 1,
      user_id: 3,
      username: 'bert',
      digest: 'sha256:1',
      size: 5_000_000_000,
      marked: false,
    },
  ]);
  await portus.insert('application_tokens', [
    {application: 'laptop', token_hash: bcrypt(portusToken('anna')), token_salt: '', user_id: 2},
    {application: 'laptop', token_hash: bcrypt(portusToken('lena')), token_salt: '', user_id: 5},
    {application: 'bad', token_hash: 'garbage', token_salt: '', user_id: 3},
    {application: 'gone', token_hash: bcrypt(portusToken('gone')), token_salt: '', user_id: 98},
    {application: 'ci', token_hash: bcrypt(portusToken('bot')), token_salt: '', user_id: 7},
  ]);
  await portus.insert('webhooks', [
    {
      namespace_id: 3,
      name: 'deploy',
      url: 'https://hooks.example.org/',
      username: 'u',
      password: secret('the webhook secret'),
      request_method: 1,
      content_type: 1,
      enabled: true,
    },
    {
      namespace_id: 3,
      name: 'bad',
      url: 'file:///etc/passwd',
      username: '',
      password: '',
      request_method: 0,
      content_type: 0,
      enabled: true,
    },
  ]);
  await portus.insert('webhook_headers', [
    {webhook_id: 1, name: 'X-Token', value: secret('the header secret')},
    {webhook_id: 1, name: 'X-Evil', value: 'a\r\nHost: b'},
  ]);
  await portus.insert('webhook_deliveries', [{webhook_id: 1, uuid: 'u', status: 200}]);
  await portus.insert('stars', [
    {user_id: 3, repository_id: 1},
    {user_id: 3, repository_id: 1},
    {user_id: 9, repository_id: 1},
  ]);
  await portus.insert('comments', [
    {body: 'Nice ☕'.replace('☕', 'é'), repository_id: 1, user_id: 3},
    {body: 'from somebody who left', repository_id: 2, user_id: 66},
    {body: '', repository_id: 1, user_id: 3},
  ]);
  const activity = (key: string, parameters: string | null, more: PortusRow = {}): PortusRow => ({
    trackable_type: 'Repository',
    trackable_id: 1,
    owner_type: 'User',
    owner_id: 3,
    key,
    parameters,
    ...more,
  });
  await portus.insert('activities', [
    activity('repository.push', yaml),
    activity('namespace.create', '{"team":"makers"}', {
      trackable_type: 'Namespace',
      trackable_id: 3,
    }),
    activity('repository.push', '--- {: [broken'),
    activity('repository.push', '--- &a\n- *a\n'),
    activity('team.create', null, {trackable_type: 'Team', trackable_id: 3, owner_id: 66}),
    activity('application_token.create', '---\n:application: laptop\n', {
      trackable_type: 'ApplicationToken',
      trackable_id: 1,
      owner_id: 2,
    }),
  ]);
  await portus.insert('registry_events', [{event_id: 'e', status: 0, data: '{}'}]);
}
