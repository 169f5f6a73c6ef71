/** Logins at a real Keystone: names, domains, application credentials, projects and roles. */
import {readFile} from 'node:fs/promises';
import {KeystoneProvider} from '../../../src/auth/providers/keystone.ts';
import {ProviderFault} from '../../../src/auth/providers/provider-fault.ts';
import type {Identity, LoginResult} from '../../../src/auth/ports.ts';
import {makeServerCertificate} from '../../support/certificate.ts';
import {
  type Keystone,
  keystonePrograms as programs,
  startKeystone,
} from '../../support/keystone.ts';
import {shared} from '../../support/lifetime.ts';
import {relay} from '../../support/listener.ts';
import {temporaryDirectory} from '../../support/temporary-directory.ts';
import {testWith} from '../../support/test-with.ts';
import {keptLog, never} from '../workbench.ts';

const password = 'correct horse';

const cloud = shared(async (life) => {
  const keystone = await startKeystone(life);
  const corp = await keystone.addDomain('corp');
  const project = await keystone.addProject('web');
  const anna = await keystone.addUser('anna', {password});
  return {keystone, corp, project, anna};
});

const provide = (keystone: Keystone, more: object = {}, {log} = keptLog()): KeystoneProvider =>
  new KeystoneProvider({settings: keystone.settings({...more}), log});

async function login(
  keystone: Keystone,
  [username, given = password]: readonly [string, string?],
  more: object = {},
): Promise<LoginResult> {
  return provide(keystone, more).login({username, password: given}, never);
}

const identityOf = (result: LoginResult): Identity | undefined =>
  result.outcome === 'accepted' ? result.identity : undefined;

const notAccepted = {outcome: 'not-accepted'};

testWith(programs, 'a user of the default domain is who he is there', async (t) => {
  const {keystone, anna} = await cloud(t);
  t.deepEqual(await login(keystone, ['anna']), {
    outcome: 'accepted',
    identity: {provider: 'keystone', subject: anna, username: 'anna'},
  });
  t.deepEqual(await login(keystone, ['anna', 'wrong']), notAccepted);
});

testWith(
  programs,
  'a name that is not exactly one of ours, or of another domain, never becomes that of somebody else',
  async (t) => {
    const {keystone, corp} = await cloud(t);
    const upper = await keystone.addUser('Anna', {password: 'another'});
    const elsewhere = await keystone.addUser('anna', {password: 'a third', domain: corp});
    const name = async (...words: [string, string]) =>
      identityOf(await login(keystone, words))?.username;
    t.is(await name('Anna', 'another'), `Anna-${upper.slice(0, 8)}`);
    t.is(await name('anna@corp', 'a third'), `anna-corp-${elsewhere.slice(0, 8)}`);
    t.is(await name('anna@nowhere', 'a third'), undefined);
    t.is(await name('anna', 'a third'), undefined);
  },
);

testWith(programs, 'the domain of names without one is that of the configuration', async (t) => {
  const {keystone, corp} = await cloud(t);
  await keystone.addUser('bert', {password: 'of corp', domain: corp});
  t.deepEqual(await login(keystone, ['bert', 'of corp']), notAccepted);
  const there = identityOf(await login(keystone, ['bert', 'of corp'], {domain: corp}));
  t.is(there?.username, 'bert');
});

testWith(programs, 'an @ may belong to the name itself', async (t) => {
  const {keystone} = await cloud(t);
  const id = await keystone.addUser('carla@example.org', {password});
  const found = identityOf(await login(keystone, ['carla@example.org']));
  t.like(found, {subject: id, username: `carla@example.org-${id.slice(0, 8)}`});
});

testWith(programs, 'application credentials log in by their id, or by their name', async (t) => {
  const {keystone, project} = await cloud(t);
  const dora = await keystone.addUser('dora', {password});
  await keystone.grant(dora, project, 'member');
  const user = {name: 'dora', id: dora, password};
  const credential = await keystone.addApplicationCredential(user, 'ci', project);
  for (const username of [credential.id, 'dora/ci', 'dora@Default/ci']) {
    const found = identityOf(await login(keystone, [username, credential.secret]));
    t.like(found, {subject: dora, username: 'dora'}, username);
    // Keystone compares no more than the first 72 bytes.
    t.deepEqual(await login(keystone, [username, `x${credential.secret}`]), notAccepted);
  }
  t.deepEqual(await login(keystone, ['anna/ci', credential.secret]), notAccepted);
  t.deepEqual(await login(keystone, ['dora/cd', credential.secret]), notAccepted);
  t.deepEqual(await login(keystone, ['dora', credential.secret]), notAccepted);
  t.deepEqual(await login(keystone, ['dora/ci', password]), notAccepted);
});

testWith(programs, 'projects and roles make teams and admins', async (t) => {
  const {keystone, project} = await cloud(t);
  const emil = await keystone.addUser('emil', {password});
  const other = await keystone.addProject('other');
  const more = {
    admins: [{project: 'admin', role: 'admin'}],
    teams: [
      {project: 'web', role: 'member', team: 'builders', as: 'contributor'},
      {project, role: 'owner-of-images', team: 'Builders', as: 'owner'},
      {project: 'other', role: 'member', team: 'others', as: 'viewer'},
      {project: 'web', domain: 'elsewhere', role: 'member', team: 'wrong', as: 'owner'},
    ],
  };
  const standing = async (): Promise<unknown> => {
    const found = identityOf(await login(keystone, ['emil'], more));
    return found && [found.isAdmin, found.teams];
  };
  t.deepEqual(await standing(), [false, []]);
  await keystone.grant(emil, project, 'member');
  await keystone.grant(emil, other, 'reader');
  t.deepEqual(await standing(), [false, [{team: 'builders', role: 'contributor'}]]);
  await keystone.grant(emil, project, 'owner-of-images');
  t.deepEqual(await standing(), [false, [{team: 'builders', role: 'owner'}]]);
  await keystone.revoke(emil, project, 'owner-of-images');
  await keystone.revoke(emil, project, 'member');
  t.deepEqual(await standing(), [false, []]);
  const {admin} = keystone;
  const found = identityOf(await login(keystone, [admin.name, admin.password], more));
  t.like(found, {username: 'admin', isAdmin: true});
  t.deepEqual(identityOf(await login(keystone, ['emil'])), {
    provider: 'keystone',
    subject: emil,
    username: 'emil',
  });
});

testWith(
  programs,
  'an application credential has the roles of its own project alone',
  async (t) => {
    const {keystone, project} = await cloud(t);
    const id = await keystone.addUser('frida', {password});
    const apart = await keystone.addProject('apart');
    await keystone.grant(id, project, 'member');
    await keystone.grant(id, apart, 'member');
    const user = {name: 'frida', id, password};
    const credential = await keystone.addApplicationCredential(user, 'ci', apart);
    const teams = [
      {project: 'web', role: 'member', team: 'builders', as: 'owner'},
      {project: 'apart', role: 'member', team: 'apart', as: 'viewer'},
    ];
    const asCredential = identityOf(
      await login(keystone, ['frida/ci', credential.secret], {teams}),
    );
    t.deepEqual(asCredential?.teams, [{team: 'apart', role: 'viewer'}]);
    t.true(asCredential?.isDelegated);
    const asUser = identityOf(await login(keystone, ['frida'], {teams}));
    t.is(asUser?.teams?.length, 2);
    t.is(asUser?.isDelegated, undefined);
  },
);

testWith(programs, 'a default project takes nothing away from a user', async (t) => {
  const {keystone, project} = await cloud(t);
  const id = await keystone.addUser('greta', {password});
  const usual = await keystone.addProject('usual');
  await keystone.grant(id, project, 'member');
  await keystone.grant(id, usual, 'member');
  await keystone.updateUser(id, {default_project_id: usual});
  const teams = [
    {project: 'web', role: 'member', team: 'builders', as: 'owner'},
    {project: 'usual', role: 'member', team: 'usual', as: 'viewer'},
  ];
  const found = identityOf(await login(keystone, ['greta'], {teams}));
  t.deepEqual(found?.teams?.map(({team}) => team).toSorted(), ['builders', 'usual']);
});

testWith(programs, 'no token of a login stays valid in Keystone', async (t) => {
  const {keystone, project} = await cloud(t);
  const gina = await keystone.addUser('gina', {password});
  await keystone.grant(gina, project, 'member');
  const seen: string[] = [];
  const port = await relay(t, keystone.port, {
    hear: (text) => {
      for (const [, token] of text.matchAll(/^x-subject-token: (\S+)/gim)) seen.push(token ?? '');
    },
  });
  const more = {
    url: `http://127.0.0.1:${port}/v3`,
    teams: [{project: 'web', role: 'member', team: 'builders', as: 'owner'}],
  };
  t.like(await login(keystone, ['gina'], more), {outcome: 'accepted'});
  t.is(new Set(seen).size, 2);
  for (const token of new Set(seen)) {
    const headers = {'X-Auth-Token': token};
    t.is((await fetch(`${keystone.url}/auth/projects`, {headers})).status, 401);
  }
});

testWith(programs, 'with a service credential departures and names are looked up', async (t) => {
  const {keystone, project} = await cloud(t);
  const keeper = await keystone.addUser('keeper', {password});
  await keystone.grant(keeper, project, 'admin');
  const user = {name: 'keeper', id: keeper, password};
  const service = await keystone.addApplicationCredential(user, 'holdfast', project);
  const id = await keystone.addUser('hans', {password});
  const provider = provide(keystone, {service: {id: service.id, secret: service.secret}});
  t.true(await provider.hasName?.('hans', never));
  t.false(await provider.hasName?.('hansi', never));
  t.true(await provider.knows?.(id, never));
  await keystone.updateUser(id, {enabled: false});
  t.false(await provider.knows?.(id, never));
  t.deepEqual(await login(keystone, ['hans']), notAccepted);
  await keystone.removeUser(id);
  t.false(await provider.knows?.(id, never));
  const wrong = provide(keystone, {service: {id: service.id, secret: 'wrong'}});
  const error = await t.throwsAsync(async () => wrong.knows?.(id, never));
  t.regex(error.message, /auth\.keystone\.service is not accepted/);
  t.is(provide(keystone).knows, undefined);
});

testWith(programs, 'the URL may come without /v3, and with a slash at its end', async (t) => {
  const {keystone} = await cloud(t);
  for (const url of [keystone.url.replace('/v3', ''), `${keystone.url}/`]) {
    t.like(await login(keystone, ['anna'], {url}), {outcome: 'accepted'}, url);
    await t.notThrowsAsync(provide(keystone, {url}).check(never));
  }
  const elsewhere = provide(keystone, {url: `${keystone.url}/users`});
  const error = await t.throwsAsync(elsewhere.check(never), {instanceOf: ProviderFault});
  t.regex(error.message, /not as Keystone does \(check auth\.keystone\.url/);
});

testWith(programs, 'over TLS its certificate must be trusted, and fit the host', async (t) => {
  const {keystone} = await cloud(t);
  const directory = await temporaryDirectory(t);
  const {caFile, certificateFile, keyFile} = await makeServerCertificate(directory, ['127.0.0.1']);
  const tls = {cert: await readFile(certificateFile), key: await readFile(keyFile)};
  const port = await relay(t, keystone.port, {tls, host: '0.0.0.0'});
  const at = (host: string): string => `https://${host}:${port}/v3`;
  t.like(await login(keystone, ['anna'], {url: at('127.0.0.1'), caFile}), {outcome: 'accepted'});
  const faultOf = async (more: object): Promise<string> =>
    (await t.throwsAsync(login(keystone, ['anna'], more), {instanceOf: ProviderFault})).message;
  t.regex(
    await faultOf({url: at('127.0.0.1')}),
    /the certificate is not trusted: .*\(set auth\.keystone\.caFile to the CA that signed it\)/,
  );
  t.regex(
    await faultOf({url: at('127.0.0.2'), caFile}),
    /not for this host: .*\(use one of its names in auth\.keystone\.url\)/,
  );
  t.like(await login(keystone, ['anna'], {url: at('127.0.0.2'), verify: false}), {
    outcome: 'accepted',
  });
  const plain = keystone.url.replace('http:', 'https:');
  t.regex(await faultOf({url: plain, caFile}), /no TLS|closed/);
});
