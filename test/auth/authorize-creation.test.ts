/** Names that no namespace is registered for, and scopes that are none of ours. */
import test from 'ava';
import {decide} from '../../src/auth/authorize.ts';
import type {Account} from '../../src/auth/caller.ts';
import {account, factsOf, limited, namespace, repository} from './world.ts';

const policies = ['nobody', 'admins', 'users'] as const;
const steve = account('steve');
const admin = account('root-admin', {isAdmin: true});
const bot = account('bot', {isRobot: true});

interface Try {
  readonly caller: Account | {readonly kind: 'anonymous'};
  readonly name?: string;
  readonly push?: 'members' | 'own-name' | 'admins';
}

// prettier-ignore
const table: readonly (readonly [title: string, asked: Try, nobody: string, admins: string, users: string])[] = [
  //                                                                            nobody   admins    users
  ['nobody in particular',      {caller: {kind: 'anonymous'}},                  '---',   '---',    '---'],
  ['a user',                    {caller: steve},                                '---',   '---',    'pw- new'],
  ['a user, deep',              {caller: steve, name: 'new/a/b'},               '---',   '---',    'pw- new'],
  ['a user, own name',          {caller: steve, name: 'steve/app'},             '---',   'pw- steve', 'pw- steve'],
  ['a user, name of another',   {caller: steve, name: 'olga/app'},              '---',   '---',    '---'],
  ['a user, repositories there', {caller: steve, name: 'old/app'},              '---',   '---',    '---'],
  ['a user, no slash',          {caller: steve, name: 'alpine'},                '---',   '---',    '---'],
  ['a user where admins push',  {caller: steve, push: 'admins'},                '---',   '---',    '---'],
  ['a user below own-name',     {caller: steve, push: 'own-name'},              '---',   '---',    '---'],
  ['own name below own-name',   {caller: steve, push: 'own-name', name: 'steve/app'}, '---', 'pw- steve', 'pw- steve'],
  ['an admin',                  {caller: admin},                                'p-d',   'pwd new', 'pwd new'],
  ['an admin, name of another', {caller: admin, name: 'olga/app'},              'p-d',   'p-d',    'p-d'],
  ['an admin, repositories there', {caller: admin, name: 'old/app'},            'p-d',   'pwd old', 'pwd old'],
  ['an admin, no slash',        {caller: admin, name: 'alpine'},                'pwd',   'pwd',    'pwd'],
  ['a robot',                   {caller: bot},                                  '---',   '---',    '---'],
  ['a robot, its own name',     {caller: bot, name: 'bot/app'},                 '---',   '---',    '---'],
  ['a pull-only token',         {caller: limited(steve, {isPullOnly: true})},   '---',   '---',    '---'],
  ['an admin’s pull-only token', {caller: limited(admin, {isPullOnly: true})},  'p--',   'p--',    'p--'],
  ['a token for new',           {caller: limited(steve, {namespaces: ['new']})}, '---',  '---',    'pw- new'],
  ['a token for a part of new', {caller: limited(steve, {namespaces: ['new/a']}), name: 'new/a/b'}, '---', '---', '---'],
  ['an admin’s token for old',  {caller: limited(admin, {namespaces: ['old']})}, '---',  '---',    '---'],
];

for (const [title, {caller, name = 'new/app', push = 'members'}, ...expected] of table) {
  for (const [index, createOnPush] of policies.entries()) {
    test(`no namespace, created by ${createOnPush}: ${title}`, (t) => {
      const facts = factsOf({
        policy: {createOnPush, push},
        accountNames: ['olga', 'steve'],
        occupied: ['old'],
        roles: {other: 'owner'},
      });
      for (const actions of [['pull', 'push', 'delete'], ['*']]) {
        const {granted, creates} = decide(facts, caller, [repository(name, ...actions)]);
        const may = granted[0]?.actions ?? [];
        const letter = (action: string, short: string) =>
          may.includes(action) || may.includes('*') ? short : '-';
        const rights = letter('pull', 'p') + letter('push', 'w') + letter('delete', 'd');
        t.is<string | undefined, string | undefined>(
          [rights, ...creates].join(' '),
          expected[index],
        );
      }
    });
  }
}

test('a pull alone makes no namespace', (t) => {
  const facts = factsOf({policy: {createOnPush: 'users'}});
  const {granted, creates} = decide(facts, steve, [repository('new/app', 'pull')]);
  t.deepEqual(granted, [repository('new/app', 'pull')]);
  t.deepEqual(creates, []);
});

test('a namespace below which no other is registered is not made beside it', (t) => {
  const facts = factsOf({
    namespaces: [namespace('web/inner', 'public')],
    policy: {createOnPush: 'users'},
  });
  t.deepEqual(decide(facts, steve, [repository('web/inner/x', 'push')]).granted, []);
  t.deepEqual(decide(facts, steve, [repository('web/x', 'push')]).creates, ['web']);
});

test('the catalogue of our own service is for everybody, that of another for admins', (t) => {
  const catalogue = {type: 'registry', name: 'catalog', actions: ['*']};
  const may = (caller: Try['caller'], isOwnService: boolean, anonymous = true) =>
    decide(factsOf({isOwnService, policy: {anonymous}}), caller, [catalogue]).granted.length === 1;
  t.true(may({kind: 'anonymous'}, true));
  t.false(may({kind: 'anonymous'}, true, false));
  t.false(may({kind: 'anonymous'}, false));
  t.true(may(steve, true, false));
  t.false(may(steve, false));
  t.true(may(admin, false));
  t.false(may({...admin, isRobot: true}, false));
  t.true(may(limited(admin, {isPullOnly: true}), false));
  t.false(may(limited(admin, {namespaces: ['web']}), false));
  t.true(may(limited(steve, {namespaces: ['web']}), true));
});

test('what is unknown is left out, with the reason', (t) => {
  const asked = [
    repository('web/app', 'pull', 'fly'),
    repository('Web/../app', 'pull', '*'),
    {type: 'plugin', name: 'web/app', actions: ['pull']},
    {type: 'registry', name: 'catalog', actions: ['pull', '*']},
    {type: 'registry', name: 'keys', actions: ['*']},
    repository('web/nothing'),
  ];
  const {granted, reasons} = decide(factsOf({}), admin, asked);
  t.deepEqual(granted, [
    repository('web/app', 'pull'),
    {type: 'registry', name: 'catalog', actions: ['*']},
  ]);
  t.deepEqual(
    reasons.map(({type, name, action, rule}) => `${type}:${name}:${action} ${rule}`),
    [
      'repository:web/app:pull admin',
      'repository:web/app:fly unknown-action',
      'repository:Web/../app:pull invalid-name',
      'repository:Web/../app:* invalid-name',
      'plugin:web/app:pull unknown-type',
      'registry:catalog:pull unknown-action',
      'registry:catalog:* filtered-list',
      'registry:keys:* unknown-name',
    ],
  );
});

test('a reason names the namespace, the team and the role that decided', (t) => {
  const facts = factsOf({
    namespaces: [namespace('web', 'private', 'Web people')],
    roles: {'Web people': 'contributor'},
  });
  const {granted, reasons} = decide(facts, steve, [repository('web/app', '*', 'push')]);
  t.deepEqual(granted, [repository('web/app', 'pull', 'push')]);
  const where = {namespace: 'web', visibility: 'private', team: 'Web people', role: 'contributor'};
  const scope = {type: 'repository', name: 'web/app'};
  t.deepEqual<unknown, unknown>(reasons, [
    {
      ...scope,
      ...where,
      action: '*',
      about: 'delete',
      allowed: false,
      rule: 'role-too-low',
      needs: 'owner',
    },
    {...scope, ...where, action: 'push', about: 'push', allowed: true, rule: 'team-role'},
  ]);
});
