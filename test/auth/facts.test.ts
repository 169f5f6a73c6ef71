/** Which questions are put to the database, and what becomes of the answers. */
import test from 'ava';
import type {Caller} from '../../src/auth/caller.ts';
import {
  byName,
  type FactReader,
  type Policy,
  policyOf,
  readAllFacts,
  readFacts,
} from '../../src/auth/facts.ts';
import {configSchema} from '../../src/config/schema.ts';
import {account, defaultPolicy, limited, namespace, repository} from './world.ts';

const steve = account('steve');
const admin = account('ada', {isAdmin: true});
const present = [
  namespace('quay.io', 'public'),
  namespace('quay.io/calico', 'private', 'calico'),
  namespace('', 'protected', 'root'),
];

/** Answers out of lists, and writes down what it was asked. */
function reader(policy: Partial<Policy> = {}): FactReader & {readonly asked: string[]} {
  const asked: string[] = [];
  const answer = (question: string, names: readonly string[]) => {
    asked.push(`${question} ${names.join(' ')}`);
    return new Set(names);
  };
  return {
    asked,
    policy: {...defaultPolicy, ...policy},
    sources: {
      namespaces: (names) => {
        const wanted = answer('namespaces', names);
        return Promise.resolve(present.filter(({name}) => wanted.has(name)));
      },
      allNamespaces: () => {
        answer('all', []);
        return Promise.resolve(byName(present));
      },
      roles: (userId) => {
        answer('roles', [userId]);
        return Promise.resolve([{teamId: 'id of calico', role: 'viewer'} as const]);
      },
      accountNames: (names) => {
        const wanted = answer('accounts', names);
        return Promise.resolve(['olga'].filter((name) => wanted.has(name)));
      },
      occupied: (names) => {
        const wanted = answer('occupied', names);
        return Promise.resolve(['old'].filter((name) => wanted.has(name)));
      },
    },
  };
}

test('a hundred scopes take no more questions than one, and no name is asked twice', async (t) => {
  const source = reader();
  const requested = Array.from({length: 100}, (_, index) =>
    repository(`quay.io/calico/node${index % 50}`, 'pull'),
  );
  const facts = await readFacts(source, steve, requested, true);
  t.deepEqual(source.asked, ['namespaces quay.io/calico quay.io', 'roles id-steve']);
  t.deepEqual([...facts.namespaces.keys()], ['quay.io', 'quay.io/calico']);
  t.is(facts.roles.get('id of calico'), 'viewer');
  t.is(facts.policy, source.policy);
  t.true(facts.isOwnService);
});

test('a name without a slash asks for the root namespace', async (t) => {
  const source = reader();
  const facts = await readFacts(source, steve, [repository('alpine', 'pull')], false);
  t.deepEqual(source.asked, ['namespaces ', 'roles id-steve']);
  t.deepEqual([...facts.namespaces.keys()], ['']);
  t.false(facts.isOwnService);
});

test('a login without scopes, the catalogue and what is no name ask nothing', async (t) => {
  const source = reader({createOnPush: 'users'});
  await readFacts(source, steve, [], true);
  await readFacts(source, steve, [{type: 'registry', name: 'catalog', actions: ['*']}], true);
  await readFacts(source, steve, [repository('../x', 'pull'), repository('A/b', 'push')], true);
  await readFacts(source, steve, [{type: 'plugin', name: 'a/b', actions: ['pull']}], true);
  t.deepEqual(source.asked, []);
});

test('a caller without an account has no roles to ask for', async (t) => {
  const source = reader({createOnPush: 'users'});
  const facts = await readFacts(source, {kind: 'anonymous'}, [repository('new/x', 'pull')], true);
  t.deepEqual(source.asked, ['namespaces new']);
  t.is(facts.roles.size, 0);
});

/** Whether names without a namespace are looked for among accounts and in the storage. */
const makers: readonly (readonly [
  title: string,
  caller: Caller,
  createOnPush: Policy['createOnPush'],
  questions: readonly string[],
])[] = [
  ['nobody, a user', steve, 'nobody', []],
  ['nobody, an admin', admin, 'nobody', []],
  ['admins, a user', steve, 'admins', []],
  ['admins, an admin', admin, 'admins', ['accounts new olga old']],
  ['users, a user', steve, 'users', ['accounts new olga old', 'occupied new olga old']],
  ['users, an admin', admin, 'users', ['accounts new olga old']],
  ['users, a robot', account('bot', {isRobot: true}), 'users', []],
];

for (const [title, caller, createOnPush, questions] of makers) {
  test(`what stands against a new namespace, made by ${title}, asks ${questions.length} questions`, async (t) => {
    const source = reader({createOnPush});
    const requested = ['new/x', 'new/y/z', 'olga/x', 'old/x', 'quay.io/x', `${nameOf(caller)}/x`];
    const facts = await readFacts(
      source,
      caller,
      requested.map((name) => repository(name, 'push')),
      true,
    );
    const asked = source.asked.filter((each) => /^(?:accounts|occupied) /.test(each));
    t.deepEqual(asked, questions);
    t.deepEqual([...facts.accountNames], asked.length > 0 ? ['olga'] : []);
    t.deepEqual([...facts.occupied], asked.length > 1 ? ['old'] : []);
  });
}

function nameOf(caller: Caller): string {
  return caller.kind === 'account' ? caller.name : 'nobody';
}

test('a failure to read is no empty answer', async (t) => {
  const source = reader();
  const broken: FactReader = {
    ...source,
    sources: {...source.sources, roles: () => Promise.reject(new Error('database away'))},
  };
  const requested = [repository('quay.io/x', 'pull')];
  await t.throwsAsync(readFacts(broken, steve, requested, true), {message: 'database away'});
  await t.throwsAsync(readAllFacts(broken, steve), {message: 'database away'});
});

test('for lists, all namespaces and all roles are read at once', async (t) => {
  const source = reader();
  const facts = await readAllFacts(source, limited(steve, {isPullOnly: true}));
  t.deepEqual(source.asked, ['all ', 'roles id-steve']);
  t.deepEqual([...facts.namespaces.keys()], ['quay.io', 'quay.io/calico', '']);
  t.is(facts.roles.get('id of calico'), 'viewer');
});

test('the policy is that of the settings', (t) => {
  const config = configSchema.parse({
    auth: {anonymous: false},
    namespaces: {createOnPush: 'users', push: 'own-name', contributorsDelete: true},
  });
  t.deepEqual(policyOf(config), {
    createOnPush: 'users',
    push: 'own-name',
    contributorsDelete: true,
    anonymous: false,
  });
  t.deepEqual(policyOf(configSchema.parse({})), defaultPolicy);
});
