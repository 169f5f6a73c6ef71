import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import type {ExecutionContext} from 'ava';
import {z} from 'zod';
import {printInForce, settingsInForce} from '../../src/config/in-force.ts';
import {examine} from '../../src/config/load.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

const secret = z.string().min(8).meta({secret: true});
const schema = z.strictObject({
  database: z
    .strictObject({
      password: secret.optional().describe('The password.'),
      port: z.number().default(5432).describe('The port.'),
    })
    .prefault({}),
  providers: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({type: z.literal('ldap'), url: z.string(), bindPassword: secret}),
        z.strictObject({type: z.literal('none')}),
      ]),
    )
    .default([])
    .describe('Identity providers.'),
  headers: z.record(z.string(), secret).default({}).describe('Headers.'),
});

const look = (env: Record<string, string>) => examine(schema, {env, flags: {}});

test('a secret comes from a variable, or from the file that its _FILE variable names', async (t) => {
  const file = join(await temporaryDirectory(t), 'password');
  await writeFile(file, 'hunter22\n');
  const direct = look({HOLDFAST_DATABASE_PASSWORD: 'hunter22'});
  const fromFile = look({HOLDFAST_DATABASE_PASSWORD_FILE: file});
  t.is(direct.loaded?.config.database.password, 'hunter22');
  t.is(fromFile.loaded?.config.database.password, 'hunter22');
  t.deepEqual(fromFile.loaded?.origins.get('database.password'), {
    kind: 'environment',
    detail: 'HOLDFAST_DATABASE_PASSWORD_FILE',
  });
});

const inFile = async (t: ExecutionContext, content: object, env: Record<string, string> = {}) => {
  const file = join(await temporaryDirectory(t), 'holdfast.yaml');
  await writeFile(file, JSON.stringify(content));
  return examine(schema, {file, env, flags: {}});
};

test('a secret comes from the file that its key with File names, unless a variable says it', async (t) => {
  const passwordFile = join(await temporaryDirectory(t), 'password');
  await writeFile(passwordFile, 'hunter22\n');
  const given = await inFile(t, {database: {passwordFile}});
  t.deepEqual(given.faults, []);
  t.is(given.loaded?.config.database.password, 'hunter22');
  t.like(given.loaded?.origins.get('database.password'), {kind: 'file'});
  const env = {HOLDFAST_DATABASE_PASSWORD: 'another one'};
  const over = await inFile(t, {database: {passwordFile: '/nowhere'}}, env);
  t.deepEqual(over.faults, []);
  t.is(over.loaded?.config.database.password, 'another one');
});

test('a key with File beside the secret, one that leads nowhere, and one of what is no secret are faults', async (t) => {
  const told = async (database: object) =>
    (await inFile(t, {database})).faults.map(({path, message}) => `${path}: ${message}`);
  t.deepEqual(await told({password: 'hunter22', passwordFile: '/dev/null'}), [
    'database.passwordFile: is set, and database.password too; only one may be',
  ]);
  t.deepEqual(await told({passwordFile: '/nowhere/password'}), [
    'database.passwordFile: /nowhere/password does not exist',
  ]);
  t.deepEqual(await told({passwordFile: [1]}), [
    'database.passwordFile: must be the path of a file',
  ]);
  t.regex((await told({portFile: '/nowhere'})).join(), /^database\.portFile: unknown key/);
});

test('a secret in a variable and in a file is a fault', (t) => {
  const {faults} = look({
    HOLDFAST_DATABASE_PASSWORD: 'hunter22',
    HOLDFAST_DATABASE_PASSWORD_FILE: '/dev/null',
  });
  t.regex(faults[0]?.message ?? '', /HOLDFAST_DATABASE_PASSWORD_FILE too/);
});

test('a secret file that is missing, and _FILE for what is no secret, are faults', (t) => {
  const {faults} = look({
    HOLDFAST_DATABASE_PASSWORD_FILE: '/nowhere/password',
    HOLDFAST_DATABASE_PORT_FILE: '/nowhere/port',
  });
  t.deepEqual(
    faults.map(({path, message}) => `${path}: ${message}`),
    [
      'HOLDFAST_DATABASE_PASSWORD_FILE: /nowhere/password does not exist',
      'HOLDFAST_DATABASE_PORT_FILE: only secrets are read from files; set HOLDFAST_DATABASE_PORT',
    ],
  );
});

test('a fault of a secret does not tell the secret', (t) => {
  const {faults} = look({HOLDFAST_DATABASE_PASSWORD: 'hunter2'});
  t.is(faults.length, 1);
  t.notRegex(JSON.stringify(faults), /hunter2/);
});

test('numbers and structures are read from variables', (t) => {
  const {loaded} = look({
    HOLDFAST_DATABASE_PORT: '3306',
    HOLDFAST_PROVIDERS: '[{type: ldap, url: ldap://a, bindPassword: hunter22}]',
  });
  t.is(loaded?.config.database.port, 3306);
  t.deepEqual(loaded?.config.providers, [
    {type: 'ldap', url: 'ldap://a', bindPassword: 'hunter22'},
  ]);
});

test('a structure that cannot be parsed is a fault of its variable', (t) => {
  const {faults} = look({HOLDFAST_PROVIDERS: '[{type: ldap'});
  t.is(faults[0]?.path, 'HOLDFAST_PROVIDERS');
});

test('secrets are hidden however deep they lie, and everything else is shown', (t) => {
  const {loaded} = look({
    HOLDFAST_DATABASE_PASSWORD: 'hunter22',
    HOLDFAST_PROVIDERS: '[{type: ldap, url: "ldap://a", bindPassword: hunter22}]',
    HOLDFAST_HEADERS: '{x: hunter22}',
  });
  if (loaded === undefined) return t.fail();
  const settings = settingsInForce(schema, loaded);
  const text = printInForce(settings) + JSON.stringify(settings);
  t.notRegex(text, /hunter22/);
  t.regex(text, /ldap:\/\/a/);
  t.regex(text, /password: '\*+'/);
});

test('a text in the place of a list or a mapping is not shown: it may hold a secret', (t) => {
  const hidden = 'hunter22';
  for (const env of [
    {HOLDFAST_PROVIDERS: JSON.stringify(JSON.stringify([{type: 'ldap', bindPassword: hidden}]))},
    {HOLDFAST_HEADERS: JSON.stringify(`a: ${hidden}`)},
  ]) {
    const {faults} = look(env);
    t.true(faults.length > 0);
    t.false(JSON.stringify(faults).includes(hidden), JSON.stringify(faults));
  }
});
