/** What a credential has whose teams and roles are a part of its account's. */
import test from 'ava';
import {decide} from '../../src/auth/authorize.ts';
import type {Account} from '../../src/auth/caller.ts';
import {byName, type FactSources, readAllFacts, readFacts} from '../../src/auth/facts.ts';
import {visibleTo} from '../../src/auth/visible.ts';
import {parseRepositoryName} from '../../src/oci/name.ts';
import type {Role} from '../../src/metadata/words.ts';
import {account, defaultPolicy, namespace, repository} from './world.ts';

const namespaces = [
  namespace('web', 'private', 'makers'),
  namespace('web/secret', 'private', 'keepers'),
  namespace('fritz', 'private', 'user:fritz'),
  namespace('open', 'protected', 'others'),
];
const sources: FactSources = {
  namespaces: (names) => Promise.resolve(namespaces.filter(({name}) => names.includes(name))),
  allNamespaces: () => Promise.resolve(byName(namespaces)),
  roles: () =>
    Promise.resolve(
      ['makers', 'keepers', 'user:fritz'].map((team) => ({
        teamId: `id of ${team}`,
        role: 'owner' as const,
      })),
    ),
  accountNames: () => Promise.resolve([]),
  occupied: () => Promise.resolve([]),
};
const reader = {sources, policy: {...defaultPolicy, createOnPush: 'users' as const}};

const credential = (teams: Readonly<Record<string, Role>>, more: Partial<Account> = {}): Account =>
  account('fritz', {limits: {isPullOnly: false, teams}, ...more});

async function rightsOf(caller: Account, name: string): Promise<string> {
  const requested = [repository(name, 'pull', 'push', 'delete')];
  const facts = await readFacts(reader, caller, requested, true);
  return decide(facts, caller, requested).granted[0]?.actions.join(' ') ?? '';
}

test('a credential has its role in its teams, never a higher one than the account, and nothing in others', async (t) => {
  const contributor = credential({'id of makers': 'contributor'});
  t.is(await rightsOf(contributor, 'web/app'), 'pull push');
  t.is(await rightsOf(contributor, 'web/secret/app'), '');
  t.is(await rightsOf(contributor, 'fritz/app'), '');
  t.is(await rightsOf(contributor, 'new/app'), '');
  t.is(await rightsOf(contributor, 'open/app'), 'pull');
  t.is(await rightsOf(credential({'id of makers': 'viewer'}), 'web/app'), 'pull');
  t.is(await rightsOf(credential({'id of others': 'owner'}), 'open/app'), 'pull');
  t.is(await rightsOf(credential({}), 'web/app'), '');
  t.is(await rightsOf(credential({}, {isAdmin: true}), 'web/app'), '');
  t.is(await rightsOf(account('fritz'), 'web/app'), 'pull push delete');
});

test('it sees in a list what it may pull', async (t) => {
  const caller = credential({'id of makers': 'viewer'}, {isAdmin: true});
  const visible = visibleTo(await readAllFacts(reader, caller), caller);
  const seen = ['web/app', 'web/secret/app', 'fritz/app', 'open/app'].filter(
    (name) => visible !== 'none' && visible.has(parseRepositoryName(name)),
  );
  t.deepEqual(seen, ['web/app', 'open/app']);
});
