/** Rules about names: those of StarlingX as a table, against the token server's own way of deciding, and what else can be written. */
import test from 'ava';
import fc from 'fast-check';
import {decide} from '../../src/auth/authorize.ts';
import {anonymous, type Caller} from '../../src/auth/caller.ts';
import {explain, refusalDetail} from '../../src/auth/explain.ts';
import {type Facts, policyOf} from '../../src/auth/facts.ts';
import {visibleTo} from '../../src/auth/visible.ts';
import {configSchema} from '../../src/config/schema.ts';
import {parseRepositoryName} from '../../src/oci/name.ts';
import {tries} from '../support/properties.ts';
import {account, factsOf, limited, namespace, repository} from './world.ts';

const policyFrom = (namespaces: object) => policyOf(configSchema.parse({namespaces}));

const starlingx = factsOf({policy: policyFrom({policy: 'starlingx'})});
const keystone = {provider: 'keystone'};

const callers: Readonly<Record<string, Caller>> = {
  anonymous,
  admin: account('admin', keystone),
  sysinv: account('sysinv', keystone),
  mtce: account('mtce', keystone),
  user1: account('user1', keystone),
  'an admin of this registry': account('root', {isAdmin: true}),
  'a local account called admin': account('admin'),
  'the robot user1': account('user1', {isRobot: true}),
  'user1, pull-only': limited(account('user1', keystone), {isPullOnly: true}),
  'user1, limited to public': limited(account('user1', keystone), {namespaces: ['public']}),
};

function rightsOf(facts: Facts, caller: Caller, name: string): string {
  const {granted} = decide(facts, caller, [repository(name, 'pull', 'push', 'delete')]);
  const actions = granted[0]?.actions ?? [];
  return ['pull', 'push', 'delete']
    .map((action) => (actions.includes(action) ? action.charAt(0) + action.charAt(1) : '--'))
    .join(' ');
}

const all = 'pu pu de';
const pull = 'pu -- --';
const none = '-- -- --';

// prettier-ignore
const table: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  //                             user1/app  user2/app  public/a  public  publicity/x  k8s.gcr.io/pause  mtce/x  user1  quay.io/calico/node
  anonymous:                    {'user1/app': none, 'user2/app': none, 'public/a': none, public: none, 'publicity/x': none, 'k8s.gcr.io/pause': none, 'mtce/x': none, user1: none, 'quay.io/calico/node': none},
  admin:                        {'user1/app': all,  'user2/app': all,  'public/a': all,  public: all,  'publicity/x': all,  'k8s.gcr.io/pause': all,  'mtce/x': all,  user1: all,  'quay.io/calico/node': all},
  sysinv:                       {'user1/app': all,  'user2/app': all,  'public/a': all,  public: all,  'publicity/x': all,  'k8s.gcr.io/pause': all,  'mtce/x': all,  user1: all,  'quay.io/calico/node': all},
  mtce:                         {'user1/app': none, 'user2/app': none, 'public/a': pull, public: none, 'publicity/x': none, 'k8s.gcr.io/pause': pull, 'mtce/x': none, user1: none, 'quay.io/calico/node': none},
  user1:                        {'user1/app': all,  'user2/app': none, 'public/a': pull, public: none, 'publicity/x': none, 'k8s.gcr.io/pause': pull, 'mtce/x': none, user1: none, 'quay.io/calico/node': none},
  'an admin of this registry':  {'user1/app': all,  'user2/app': all,  'public/a': all,  public: all,  'publicity/x': all,  'k8s.gcr.io/pause': all,  'mtce/x': all,  user1: all,  'quay.io/calico/node': all},
  'a local account called admin': {'user1/app': none, 'admin/app': all, 'public/a': pull, 'quay.io/calico/node': none},
  'the robot user1':            {'user1/app': none, 'user2/app': none, 'public/a': pull},
  'user1, pull-only':           {'user1/app': pull, 'user2/app': none, 'public/a': pull},
  'user1, limited to public':   {'user1/app': none, 'user2/app': none, 'public/a': pull},
};

for (const [who, row] of Object.entries(table)) {
  test(`with the policy starlingx: ${who}`, (t) => {
    const caller = callers[who];
    if (!caller) return t.fail();
    for (const [name, expected] of Object.entries(row)) {
      t.is(rightsOf(starlingx, caller, name), expected, name);
    }
  });
}

test('every caller has a row', (t) => {
  t.deepEqual(Object.keys(table), Object.keys(callers));
});

const exactNames = [
  'k8s.gcr.io/pause',
  'registry.k8s.io/pause',
  'docker.io/starlingx/n3000-opae',
  'quay.io/jetstack/cert-manager-acmesolver',
];

/** As the token server that is replaced decides, written down from its behaviour. */
function formerly(username: string, name: string, action: string): boolean {
  if (username === 'admin' || username === 'sysinv') return true;
  if (action === 'pull' && (name.startsWith('public/') || exactNames.includes(name))) return true;
  return username !== 'mtce' && name.startsWith(`${username}/`);
}

test('the policy starlingx says yes and no where the token server that it replaces did', (t) => {
  const words = ['user1', 'user2', 'admin', 'sysinv', 'mtce', 'public', 'k8s.gcr.io', 'pause', 'a'];
  const component = fc.constantFrom(...words);
  const name = fc.oneof(
    fc.array(component, {minLength: 1, maxLength: 4}).map((parts) => parts.join('/')),
    fc.constantFrom(...exactNames, ...exactNames.map((each) => `${each}/x`)),
  );
  const user = fc.constantFrom('user1', 'user2', 'admin', 'sysinv', 'mtce', 'a', 'public');
  const action = fc.constantFrom('pull', 'push', 'delete');
  fc.assert(
    fc.property(user, name, action, (username, repositoryName, asked) => {
      const caller = account(username, keystone);
      const {granted} = decide(starlingx, caller, [repository(repositoryName, asked)]);
      t.is(granted.length === 1, formerly(username, repositoryName, asked));
      const visible = visibleTo(starlingx, caller);
      const isSeen = visible !== 'none' && visible.has(parseRepositoryName(repositoryName));
      t.is(isSeen, formerly(username, repositoryName, 'pull'));
    }),
    tries(500),
  );
});

test('namespaces, teams and their visibility say nothing where rules do', (t) => {
  const facts = factsOf({
    namespaces: [namespace('web', 'public', 'web')],
    roles: {web: 'owner'},
    policy: policyFrom({policy: 'starlingx'}),
  });
  t.is(rightsOf(facts, account('user1', keystone), 'web/app'), none);
  t.is(visibleTo(starlingx, anonymous), 'none');
});

test('rules of one’s own are tried in their order, before those of the policy', (t) => {
  const rules = [
    {accounts: ['user1'], repositories: ['public/secret'], actions: ['pull'], allow: false},
    {accounts: ['*'], repositories: ['base/*/app', 'tools/**'], actions: ['pull']},
    {accounts: ['ci'], repositories: ['**'], actions: ['push']},
    {accounts: ['ci'], repositories: ['**'], actions: ['push'], allow: false},
  ];
  const facts = factsOf({policy: policyFrom({policy: 'starlingx', rules})});
  const user = account('user1', keystone);
  t.is(rightsOf(facts, user, 'public/secret'), none);
  t.is(rightsOf(facts, user, 'public/other'), pull);
  t.is(rightsOf(facts, user, 'base/x/app'), pull);
  t.is(rightsOf(facts, user, 'base/x/y/app'), none);
  t.is(rightsOf(facts, user, 'base/app'), none);
  t.is(rightsOf(facts, user, 'tools/a/b/c'), pull);
  t.is(rightsOf(facts, user, 'tools'), none);
  t.is(rightsOf(facts, account('ci'), 'anything/at/all'), '-- pu --');
  const alone = factsOf({policy: policyFrom({policy: 'rules', rules})});
  t.is(rightsOf(alone, user, 'user1/app'), none);
  t.is(rightsOf(alone, user, 'tools/a'), pull);
});

test('a robot has what a rule says to it by name, and pulls what everybody may', (t) => {
  const all = ['pull', 'push', 'delete'] as const;
  const rules = [
    {accounts: ['ci'], repositories: ['built/**'], actions: ['push', 'pull']},
    {accounts: ['*'], repositories: ['shared/**'], actions: [...all]},
    {accounts: ['*'], repositories: ['{username}/**'], actions: [...all]},
  ];
  const facts = factsOf({policy: policyFrom({policy: 'rules', rules})});
  const robot = account('ci', {isRobot: true});
  t.is(rightsOf(facts, robot, 'built/app'), 'pu pu --');
  t.is(rightsOf(facts, robot, 'shared/app'), pull);
  t.is(rightsOf(facts, robot, 'ci/app'), none);
});

test('a refusal and an explanation name what decided', (t) => {
  const say = (caller: Caller, name: string, action: string, to = explain): string => {
    const [reason] = decide(starlingx, caller, [repository(name, action)]).reasons;
    return reason ? to(caller, reason) : '';
  };
  const [user, mtce] = [account('user1', keystone), account('mtce', keystone)];
  t.is(
    say(user, 'user1/app', 'push'),
    'user1 may push to user1/app: the rule about {username}/** says so',
  );
  t.is(
    say(mtce, 'mtce/app', 'pull', refusalDetail),
    'mtce may not pull from mtce/app: the rule about mtce/** forbids it',
  );
  t.is(
    say(user, 'user2/app', 'push', refusalDetail),
    'user1 may not push to user2/app: no rule about names says so',
  );
});

const faultOf = (settings: object): string =>
  configSchema
    .safeParse(settings)
    .error?.issues.map(({path, message}) => `${path.join('.')} ${message}`)
    .join('; ') ?? 'none';

test('rules that would count for nothing, or that strangers could profit by, are refused', (t) => {
  const rules = [{accounts: ['*'], repositories: ['**'], actions: ['pull']}];
  t.regex(faultOf({namespaces: {rules}}), /^namespaces\.rules counts for nothing/);
  t.is(faultOf({namespaces: {policy: 'rules', rules}}), 'none');
  t.regex(
    faultOf({auth: {signUp: true}, namespaces: {policy: 'starlingx'}}),
    /^auth\.signUp lets strangers take names/,
  );
});

for (const repositories of [
  '',
  '/',
  'a//b',
  'A/b',
  '**/a',
  'a/**/b',
  'a**',
  'a/*b',
  '../x',
  '{user}/x',
  'a/',
  '{username}x',
]) {
  test(`${JSON.stringify(repositories)} is no pattern of repositories`, (t) => {
    const rules = [{accounts: ['*'], repositories: [repositories], actions: ['pull']}];
    t.regex(
      faultOf({namespaces: {policy: 'rules', rules}}),
      /^namespaces\.rules\.0\.repositories\.0 must be a name/,
    );
  });
}
