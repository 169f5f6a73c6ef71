/** The rights in a namespace that there is, as tables: p pull, w push, d delete, - nothing of it. */
import test, {type ExecutionContext} from 'ava';
import {decide} from '../../src/auth/authorize.ts';
import type {Facts, Policy} from '../../src/auth/facts.ts';
import {visibilities, type Visibility} from '../../src/metadata/words.ts';
import {account, factsOf, namespace, repository, type Row, rows} from './world.ts';

const pushPolicies = ['members', 'own-name', 'admins'] as const;

/** In the manner of ls: what is granted of all three, asked for one by one and by a star. */
function rightsOf(t: ExecutionContext, facts: Facts, {caller}: Row, name: string): string {
  const {granted} = decide(facts, caller, [repository(name, 'pull', 'push', 'delete')]);
  const actions = granted[0]?.actions ?? [];
  const byStar = decide(facts, caller, [repository(name, '*')]).granted[0]?.actions ?? [];
  t.deepEqual(byStar, actions.length === 3 ? ['*'] : actions);
  const letters = {pull: 'p', push: 'w', delete: 'd'};
  return Object.entries(letters)
    .map(([action, letter]) => (actions.includes(action) ? letter : '-'))
    .join('');
}

/** Columns: visibility private, protected, public within each push policy members, own-name, admins. */
function table(
  title: string,
  name: string,
  owning: string,
  policy: Partial<Policy>,
  expected: Readonly<Record<string, string>>,
): void {
  test(`${title}: every row`, (t) => {
    t.deepEqual(Object.keys(expected), Object.keys(rows), 'the table has a row for every caller');
  });
  for (const [who, line] of Object.entries(expected)) {
    test(`${title}: ${who}`, (t) => {
      const row = rows[who];
      if (!row) return t.fail();
      const found = pushPolicies.map((push) =>
        visibilities
          .map((visibility: Visibility) => {
            const facts = factsOf({
              namespaces: [namespace(owning, visibility, 'web')],
              roles: row.role ? {web: row.role, elsewhere: 'owner'} : {elsewhere: 'owner'},
              policy: {...policy, push},
            });
            return rightsOf(t, facts, row, name);
          })
          .join(' '),
      );
      t.is(found.join(' | '), line);
    });
  }
}

// prettier-ignore
table('web/app', 'web/app', 'web', {}, {
  //                           members     | own-name    | admins
  anonymous:                  '--- --- p-- | --- --- p-- | --- --- p--',
  stranger:                   '--- p-- p-- | --- p-- p-- | --- p-- p--',
  viewer:                     'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  contributor:                'pw- pw- pw- | p-- p-- p-- | p-- p-- p--',
  owner:                      'pwd pwd pwd | p-d p-d p-d | p-d p-d p-d',
  admin:                      'pwd pwd pwd | pwd pwd pwd | pwd pwd pwd',
  'robot viewer':             'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  'robot contributor':        'pw- pw- pw- | p-- p-- p-- | p-- p-- p--',
  'robot stranger':           '--- p-- p-- | --- p-- p-- | --- p-- p--',
  'pull-only owner':          'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  'pull-only admin':          'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  'owner limited here':       'pwd pwd pwd | p-d p-d p-d | p-d p-d p-d',
  'owner limited elsewhere':  '--- --- --- | --- --- --- | --- --- ---',
  'admin limited elsewhere':  '--- --- --- | --- --- --- | --- --- ---',
  'admin limited to nothing': '--- --- --- | --- --- --- | --- --- ---',
});

// prettier-ignore
table('web/app where contributors delete', 'web/app', 'web', {contributorsDelete: true}, {
  //                           members     | own-name    | admins
  anonymous:                  '--- --- p-- | --- --- p-- | --- --- p--',
  stranger:                   '--- p-- p-- | --- p-- p-- | --- p-- p--',
  viewer:                     'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  contributor:                'pwd pwd pwd | p-d p-d p-d | p-d p-d p-d',
  owner:                      'pwd pwd pwd | p-d p-d p-d | p-d p-d p-d',
  admin:                      'pwd pwd pwd | pwd pwd pwd | pwd pwd pwd',
  'robot viewer':             'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  'robot contributor':        'pwd pwd pwd | p-d p-d p-d | p-d p-d p-d',
  'robot stranger':           '--- p-- p-- | --- p-- p-- | --- p-- p--',
  'pull-only owner':          'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  'pull-only admin':          'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  'owner limited here':       'pwd pwd pwd | p-d p-d p-d | p-d p-d p-d',
  'owner limited elsewhere':  '--- --- --- | --- --- --- | --- --- ---',
  'admin limited elsewhere':  '--- --- --- | --- --- --- | --- --- ---',
  'admin limited to nothing': '--- --- --- | --- --- --- | --- --- ---',
});

// prettier-ignore
table('web/app without anonymous pulls', 'web/app', 'web', {anonymous: false}, {
  //                           members     | own-name    | admins
  anonymous:                  '--- --- --- | --- --- --- | --- --- ---',
  stranger:                   '--- p-- p-- | --- p-- p-- | --- p-- p--',
  viewer:                     'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  contributor:                'pw- pw- pw- | p-- p-- p-- | p-- p-- p--',
  owner:                      'pwd pwd pwd | p-d p-d p-d | p-d p-d p-d',
  admin:                      'pwd pwd pwd | pwd pwd pwd | pwd pwd pwd',
  'robot viewer':             'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  'robot contributor':        'pw- pw- pw- | p-- p-- p-- | p-- p-- p--',
  'robot stranger':           '--- p-- p-- | --- p-- p-- | --- p-- p--',
  'pull-only owner':          'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  'pull-only admin':          'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  'owner limited here':       'pwd pwd pwd | p-d p-d p-d | p-d p-d p-d',
  'owner limited elsewhere':  '--- --- --- | --- --- --- | --- --- ---',
  'admin limited elsewhere':  '--- --- --- | --- --- --- | --- --- ---',
  'admin limited to nothing': '--- --- --- | --- --- --- | --- --- ---',
});

// prettier-ignore
table('alpine, in the root namespace', 'alpine', '', {}, {
  //                           members     | own-name    | admins
  anonymous:                  '--- --- p-- | --- --- p-- | --- --- p--',
  stranger:                   '--- p-- p-- | --- p-- p-- | --- p-- p--',
  viewer:                     'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  contributor:                'pw- pw- pw- | p-- p-- p-- | p-- p-- p--',
  owner:                      'pwd pwd pwd | p-d p-d p-d | p-d p-d p-d',
  admin:                      'pwd pwd pwd | pwd pwd pwd | pwd pwd pwd',
  'robot viewer':             'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  'robot contributor':        'pw- pw- pw- | p-- p-- p-- | p-- p-- p--',
  'robot stranger':           '--- p-- p-- | --- p-- p-- | --- p-- p--',
  'pull-only owner':          'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  'pull-only admin':          'p-- p-- p-- | p-- p-- p-- | p-- p-- p--',
  'owner limited here':       '--- --- --- | --- --- --- | --- --- ---',
  'owner limited elsewhere':  '--- --- --- | --- --- --- | --- --- ---',
  'admin limited elsewhere':  '--- --- --- | --- --- --- | --- --- ---',
  'admin limited to nothing': '--- --- --- | --- --- --- | --- --- ---',
});

test('policy own-name: only who owns the name and has the role pushes below it', (t) => {
  const facts = factsOf({
    namespaces: [namespace('olga', 'public', 'user:olga'), namespace('olga/deep', 'public', 'web')],
    roles: {'user:olga': 'owner', web: 'owner'},
    policy: {push: 'own-name'},
  });
  const may = (name: string, row: Row) => rightsOf(t, facts, row, name);
  t.is(may('olga/app', {caller: account('olga')}), 'pwd');
  t.is(may('olga/deep/app', {caller: account('olga')}), 'pwd');
  t.is(may('olga/app', {caller: account('carl')}), 'p-d');
  t.is(may('olga/app', {caller: account('olg')}), 'p-d');
  t.is(may('olga/app', {caller: account('olga', {isRobot: true})}), 'p-d');
  t.is(may('olga', {caller: account('olga')}), '---');
  const noRole = factsOf({
    namespaces: [namespace('olga', 'protected')],
    policy: {push: 'own-name'},
  });
  t.is(rightsOf(t, noRole, {caller: account('olga')}, 'olga/app'), 'p--');
});

test('a repository belongs to the longest namespace that it lies below, by whole components', (t) => {
  const facts = factsOf({
    namespaces: [
      namespace('quay.io', 'protected'),
      namespace('quay.io/calico', 'private'),
      namespace('quay.io/calico/deep', 'private', 'deep'),
      namespace('', 'private', 'root'),
    ],
    roles: {deep: 'contributor'},
  });
  const may = (name: string) => rightsOf(t, facts, {caller: account('steve')}, name);
  t.is(may('quay.io/node'), 'p--');
  t.is(may('quay.io/calico'), 'p--');
  t.is(may('quay.io/calico-node/x'), 'p--');
  t.is(may('quay.io/calico/node'), '---');
  t.is(may('quay.io/calico/deep'), '---');
  t.is(may('quay.io/calico/deep/x'), 'pw-');
  t.is(may('quay.io/calico/deep/x/y'), 'pw-');
  t.is(may('quay.ioo/node'), '---');
  t.is(may('quay.io'), '---');
});

test('a robot has the rights of its role alone, also where its row says admin', (t) => {
  const facts = factsOf({
    namespaces: [namespace('web', 'private')],
    roles: {'team of web': 'viewer'},
  });
  const caller = account('bot', {isRobot: true, isAdmin: true});
  t.is(rightsOf(t, facts, {caller}, 'web/app'), 'p--');
  t.is(rightsOf(t, facts, {caller}, 'new/app'), '---');
});
