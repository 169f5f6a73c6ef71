/** The settings of OpenID Connect: what is wrong with them is told all at once. */
import test from 'ava';
import {configSchema} from '../../src/config/schema.ts';
import {examine} from '../../src/config/load.ts';
import {printInForce, settingsInForce} from '../../src/config/in-force.ts';

const faultsOf = (auth: object): readonly string[] => {
  const text = (value: unknown): string => JSON.stringify(value);
  const env = Object.fromEntries(
    Object.entries(auth).map(([key, value]) => [`HOLDFAST_AUTH_${key.toUpperCase()}`, text(value)]),
  );
  const {faults} = examine(configSchema, {env, flags: {}});
  return faults.map(({path, message}) => `${path} ${message}`).sort();
};

const provider = {id: 'corp', issuer: 'https://id.example.org', clientId: 'holdfast'};

test('every fault of a provider is told, with its place', (t) => {
  const oidc = [
    provider,
    {...provider, issuer: 'http://id.example.org', scopes: ['profile']},
    {id: 'A b', issuer: 'https://id.example.org/?x', clientId: ''},
  ];
  const faults = faultsOf({oidc});
  for (const said of [
    /oidc\[1\]\.issuer .*https:/,
    /oidc\[2\]\.id /,
    /oidc\[2\]\.issuer /,
    /oidc\[2\]\.clientId /,
  ]) {
    t.true(
      faults.some((fault) => said.test(fault)),
      `${String(said)}\n${faults.join('\n')}`,
    );
  }
});

test('ids are unique, scopes have openid, a secret has one place, a rule for admins is whole', (t) => {
  for (const [oidc, said] of [
    [[provider, provider], /oidc\[1\]\.id corp is there already/],
    [[{...provider, scopes: ['profile']}], /scopes must have openid/],
    [
      [{...provider, clientSecret: 'a secret', clientSecretFile: '/x'}],
      /clientSecretFile must not/,
    ],
    [[{...provider, admins: [{claim: 'roles'}]}], /admins\[0\] must have a group, or a claim/],
    [[{...provider, admins: [{group: 'x', claim: 'roles', value: 'y'}]}], /admins\[0\] must/],
    [[{...provider, teams: [{group: 'x', as: 'king'}]}], /teams\[0\]\.as/],
    [[{...provider, surprise: 1}], /surprise/],
  ] as const) {
    const faults = faultsOf({oidc});
    t.true(
      faults.some((fault) => said.test(fault)),
      `${String(said)}\n${faults.join('\n')}`,
    );
  }
});

for (const issuer of [
  'http://localhost:8080/x',
  'http://127.0.0.1',
  'http://[::1]:1',
  'https://a.b/c/',
]) {
  test(`an issuer may be ${issuer}`, (t) => {
    t.deepEqual(faultsOf({oidc: [{...provider, issuer}]}), []);
  });
}

for (const issuer of [
  'http://10.0.0.1',
  'http://127.0.0.1.evil.example',
  'https://a@b.c',
  'ftp://localhost',
  'id.example.org',
  'https://a.b/#',
]) {
  test(`an issuer may not be ${issuer}`, (t) => {
    t.true(faultsOf({oidc: [{...provider, issuer}]}).length > 0);
  });
}

test('a rule for workloads names a claim and a robot, and one issuer is reached in one way', (t) => {
  const rule = {
    issuer: 'https://ci.example.org',
    audience: 'registry',
    claims: {project: 'a/*'},
    robot: 'ci',
  };
  t.deepEqual(faultsOf({workloads: [rule, {...rule, robot: 'other'}]}), []);
  for (const [workloads, said] of [
    [[{...rule, claims: {}}], /claims must name a claim/],
    [[{...rule, robot: 'No Robot'}], /robot must be the name/],
    [[{...rule, claims: {project: []}}], /claims/],
    [[rule, {...rule, caFile: '/other.pem'}], /\[1\]\.issuer must have the caFile/],
  ] as const) {
    const faults = faultsOf({workloads});
    t.true(
      faults.some((fault) => said.test(fault)),
      `${String(said)}\n${faults.join('\n')}`,
    );
  }
});

test('the secret of a client is not printed', (t) => {
  const env = {HOLDFAST_AUTH_OIDC: JSON.stringify([{...provider, clientSecret: 'hunter22'}])};
  const {loaded} = examine(configSchema, {env, flags: {}});
  if (!loaded) return t.fail();
  const text = printInForce(settingsInForce(configSchema, loaded));
  t.notRegex(text, /hunter22/);
  t.regex(text, /id\.example\.org/);
});
