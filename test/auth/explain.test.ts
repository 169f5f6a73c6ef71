import test from 'ava';
import fc from 'fast-check';
import {decide} from '../../src/auth/authorize.ts';
import type {Caller} from '../../src/auth/caller.ts';
import {explain, refusalDetail} from '../../src/auth/explain.ts';
import type {Facts, Policy} from '../../src/auth/facts.ts';
import {tries} from '../support/properties.ts';
import {account, factsOf, limited, namespace, repository, rows} from './world.ts';
import {callers, requests, worlds} from './worlds.ts';

const steve = account('steve');

function detailOf(facts: Facts, caller: Caller, name: string, action: string): string {
  const [reason] = decide(facts, caller, [repository(name, action)]).reasons;
  if (!reason) throw new Error('every action has a reason');
  return reason.allowed ? 'granted' : refusalDetail(caller, reason);
}

const createOnPush: readonly Policy['createOnPush'][] = ['nobody', 'admins', 'users'];
const pushPolicies: readonly Policy['push'][] = ['members', 'own-name', 'admins'];
/** All that a name may be which the caller must not tell from one that is not there. */
const hiddenWorlds = {
  'private to others': {namespaces: [namespace('web', 'private')]},
  'nested, private to others': {namespaces: [namespace('web/app', 'private')]},
  'of another person': {namespaces: [namespace('web', 'private', 'user:web')]},
  'the name of an account': {accountNames: ['web']},
  'repositories without a namespace': {occupied: ['web']},
} as const;

for (const [hidden, world] of Object.entries(hiddenWorlds)) {
  test(`a refusal tells nobody of a namespace that is ${hidden}`, (t) => {
    const strangers = Object.entries(rows).filter(
      ([, {caller, role}]) => !role && !(caller.kind === 'account' && caller.isAdmin),
    );
    strangers.push(
      ['pull-only', {caller: limited(steve, {isPullOnly: true})}],
      ['limited', {caller: limited(steve, {namespaces: ['web', 'other']})}],
      ['limited elsewhere', {caller: limited(steve, {namespaces: ['other']})}],
    );
    for (const [who, {caller}] of strangers) {
      for (const policy of policies()) {
        for (const action of ['pull', 'push', 'delete', '*', 'fly']) {
          const none = detailOf(factsOf({policy}), caller, 'web/app/x', action);
          // Whoever may make namespaces learns by what is granted whether there is one.
          if (policy.createOnPush === 'users' && !none.includes('log in')) continue;
          const some = detailOf(factsOf({...world, policy}), caller, 'web/app/x', action);
          t.is(some, none, `${who} ${action} ${JSON.stringify(policy)}`);
          t.not(none, 'granted');
        }
      }
    }
  });
}

function policies(): Partial<Policy>[] {
  return createOnPush.flatMap((create) =>
    pushPolicies.flatMap((push) =>
      [true, false].map((anonymous) => ({createOnPush: create, push, anonymous})),
    ),
  );
}

test('where everybody may make namespaces, all that are refused sound the same', (t) => {
  const policy = {createOnPush: 'users'} as const;
  const details = Object.values(hiddenWorlds).map((world) =>
    detailOf(factsOf({...world, policy}), steve, 'web/app/x', 'push'),
  );
  t.is(new Set(details).size, 1);
});

test('a caller without an account hears the same of every namespace', (t) => {
  const worldsOf = (anonymous: boolean) =>
    (['private', 'protected', 'public'] as const).map((visibility) =>
      factsOf({namespaces: [namespace('web', visibility)], policy: {anonymous}}),
    );
  const details = [...worldsOf(false), ...worldsOf(true), factsOf({})]
    .flatMap((facts) => [
      detailOf(facts, {kind: 'anonymous'}, 'web/app', 'pull'),
      detailOf(facts, {kind: 'anonymous'}, 'web/app', 'push').replace('push to', 'pull from'),
    ])
    .filter((detail) => detail !== 'granted');
  t.deepEqual(
    [...new Set(details)],
    [
      'a caller without an account may not pull from web/app: an account is needed for that, so log in',
    ],
  );
});

test('a refusal never names a team that the caller does not belong to', (t) => {
  fc.assert(
    fc.property(worlds, callers, requests, (facts, caller, requested) => {
      for (const reason of decide(facts, caller, requested).reasons) {
        if (reason.allowed || reason.role !== undefined) continue;
        t.notRegex(refusalDetail(caller, reason), /red|blue|green/, reason.rule);
      }
    }),
    tries(1000),
  );
});

test('every reason is one sentence without a line break or a word from outside', (t) => {
  fc.assert(
    fc.property(worlds, callers, requests, (facts, caller, requested) => {
      for (const reason of decide(facts, caller, requested).reasons) {
        for (const text of [explain(caller, reason), refusalDetail(caller, reason)]) {
          t.regex(text, /^[ -~]+$/);
          t.notRegex(text, /undefined|fly|constructor|Not\/A|__proto__|plugin| {2}|: $| $/, text);
        }
      }
    }),
    tries(1000),
  );
});

test('a hostile name or action never comes back in a sentence', (t) => {
  const evil = '\u001b[2J\u202e';
  for (const scope of [
    repository(evil, 'pull'),
    repository('web/app', evil),
    {type: evil, name: evil, actions: [evil]},
    {type: 'registry', name: evil, actions: [evil]},
  ]) {
    for (const reason of decide(factsOf({}), steve, [scope]).reasons) {
      t.regex(explain(steve, reason) + refusalDetail(steve, reason), /^[ -~]+$/);
    }
  }
});

const web = factsOf({
  namespaces: [
    namespace('web', 'private', 'Web'),
    namespace('web/open', 'public', 'Other'),
    namespace('web/half', 'protected', 'Other'),
    namespace('web/shut', 'private', 'Other'),
    namespace('steve', 'private', 'user:steve'),
    namespace('', 'protected', 'root'),
  ],
  roles: {Web: 'contributor', 'user:steve': 'owner'},
  policy: {createOnPush: 'users'},
  accountNames: ['olga'],
  occupied: ['old'],
});
const withPolicy = (policy: Partial<Policy>): Facts => ({
  ...web,
  policy: {...web.policy, ...policy},
});
const admin = account('ada', {isAdmin: true});
const nobody: Caller = {kind: 'anonymous'};

/** A second sentence is what the caller himself hears, where that is another. */
const sentences: readonly (readonly [Facts, Caller, string, string, string?])[] = [
  [web, admin, 'web/app:delete', 'ada may delete in web/app: admins may'],
  [web, admin, 'web/app:*', 'ada may do everything in web/app: admins may'],
  [
    web,
    steve,
    'web/app:push',
    'steve may push to web/app: the namespace web belongs to the team "Web", with the role contributor',
  ],
  [
    web,
    steve,
    'web/app:*',
    'steve may not delete in web/app, and so not everything: the namespace web belongs to the team "Web", where the role contributor is less than owner',
  ],
  [
    web,
    steve,
    'steve/app:*',
    'steve may do everything in steve/app: the namespace steve is that of steve',
  ],
  [
    web,
    steve,
    'web/open/x:pull',
    'steve may pull from web/open/x: the namespace web/open is public',
  ],
  [
    web,
    nobody,
    'web/open/x:pull',
    'a caller without an account may pull from web/open/x: the namespace web/open is public',
  ],
  [
    web,
    steve,
    'web/open/x:push',
    'steve may not push to web/open/x: the namespace web/open is public and belongs to the team "Other", in which steve is not',
    'steve may not push to web/open/x: only members of its team may, and the namespace web/open is public',
  ],
  [
    web,
    steve,
    'alpine:pull',
    'steve may pull from alpine: the root namespace is protected, and every account may',
  ],
  [
    web,
    steve,
    'web/half/x:push',
    'steve may not push to web/half/x: the namespace web/half is protected and belongs to the team "Other", in which steve is not',
    'steve may not push to web/half/x: only members of its team may, and the namespace web/half is protected',
  ],
  [
    factsOf({namespaces: [namespace('steve', 'private', 'Web')], roles: {Web: 'viewer'}}),
    steve,
    'steve/app:pull',
    'steve may pull from steve/app: the namespace steve belongs to the team "Web", with the role viewer',
  ],
  [
    factsOf({namespaces: [namespace('bot', 'private', 'Web')], roles: {Web: 'owner'}}),
    account('bot', {isRobot: true}),
    'bot/app:pull',
    'the robot bot may pull from bot/app: the namespace bot belongs to the team "Web", with the role owner',
  ],
  [
    web,
    steve,
    'web/shut/x:pull',
    'steve may not pull from web/shut/x: the namespace web/shut is private and belongs to the team "Other", in which steve is not',
    'steve may not pull from web/shut/x: there is no namespace for it, or it is private to a team of others',
  ],
  [
    web,
    steve,
    'new/x:push',
    'steve may push to new/x: the first push makes the namespace new, which is then that of steve',
  ],
  [
    withPolicy({createOnPush: 'nobody'}),
    steve,
    'new/x:push',
    'steve may not push to new/x: there is no namespace for it, and a push would not make one',
    'steve may not push to new/x: there is no namespace for it, or it is private to a team of others',
  ],
  [
    web,
    steve,
    'olga/x:push',
    'steve may not push to olga/x: there is no namespace for it, and only the account olga may make that of its name',
    'steve may not push to olga/x: there is no namespace for it, or it is private to a team of others',
  ],
  [
    web,
    steve,
    'old/x:push',
    'steve may not push to old/x: there are repositories below old/ without a namespace, and only admins may make it',
    'steve may not push to old/x: there is no namespace for it, or it is private to a team of others',
  ],
  [
    withPolicy({push: 'own-name'}),
    steve,
    'web/app:push',
    'steve may not push to web/app: namespaces.push is own-name, which is push below steve/ alone',
  ],
  [
    withPolicy({push: 'own-name'}),
    account('bot', {isRobot: true}),
    'web/app:push',
    'the robot bot may not push to web/app: namespaces.push is own-name, and robots have no names to push below',
  ],
  [
    withPolicy({push: 'admins'}),
    steve,
    'web/app:push',
    'steve may not push to web/app: namespaces.push is admins, who push alone',
  ],
  [
    web,
    limited(steve, {namespaces: ['other']}),
    'web/app:pull',
    'steve may not pull from web/app: the application token is limited to some namespaces, and not for that',
  ],
  [
    web,
    limited(steve, {isPullOnly: true}),
    'web/app:push',
    'steve may not push to web/app: the application token is limited to pull',
  ],
  [
    withPolicy({anonymous: false}),
    nobody,
    'web/open/x:pull',
    'a caller without an account may not pull from web/open/x: an account is needed for that (auth.anonymous is off)',
    'a caller without an account may not pull from web/open/x: an account is needed for that, so log in',
  ],
  [
    web,
    nobody,
    'web/half/x:pull',
    'a caller without an account may not pull from web/half/x: an account is needed for that (the namespace web/half is protected)',
    'a caller without an account may not pull from web/half/x: an account is needed for that, so log in',
  ],
  [web, steve, 'web/app:fly', 'steve may not do that: there is no such action'],
];

for (const [facts, caller, asked, whole, own] of sentences) {
  test(`auth explain: ${whole}`, (t) => {
    const [name = '', action = ''] = asked.split(':');
    const [reason] = decide(facts, caller, [repository(name, action)]).reasons;
    t.is(reason && explain(caller, reason), whole);
    if (reason?.allowed === false)
      t.is<string, string>(refusalDetail(caller, reason), own ?? whole);
  });
}
