/** Logins against a real slapd, and against what answers in its place when something is wrong. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {ldapSettings} from '../../../src/config/ldap-schema.ts';
import {makeServerCertificate} from '../../support/certificate.ts';
import {freePort} from '../../support/ports.ts';
import {base, startSlapd} from '../../support/slapd.ts';
import {temporaryDirectory} from '../../support/temporary-directory.ts';
import {testWith} from '../../support/test-with.ts';
import {keptLog, never} from '../workbench.ts';
import {
  faultsOf,
  identityOf,
  login,
  password,
  programs,
  provide,
  sharedDirectory,
} from './ldap-workbench.ts';

const directory = sharedDirectory();

testWith(programs, 'a login is the same with StartTLS, ldaps and in the clear', async (t) => {
  const {slapd} = await directory(t);
  for (const [way, settings] of Object.entries({
    StartTLS: slapd.settings(),
    ldaps: slapd.settings({urls: [slapd.secureUrl]}),
    'no TLS': slapd.settings({startTls: false}),
  })) {
    t.like(await login(settings), {outcome: 'accepted'}, way);
    t.deepEqual(
      await login(settings, 'anna', 'wrong'),
      {outcome: 'rejected', reason: 'bad-credentials'},
      way,
    );
  }
});

testWith(programs, 'each step of a login is told', async (t) => {
  const {slapd} = await directory(t);
  const steps: string[] = [];
  const tell = (step: string, detail: string): void => void steps.push(`${step}: ${detail}`);
  await provide(slapd.settings()).trace({username: 'anna', password}, never, tell);
  const [connect, tls, bind, search, own, again, groups] = steps;
  t.regex(connect ?? '', /^connect: 127\.0\.0\.1 port \d+/);
  t.regex(tls ?? '', /^TLS: TLSv1\.3, certificate verified: .*issued by Holdfast local CA/);
  t.is(bind, `bind: as cn=admin,${base}`);
  t.is(search, `search: uid=anna,ou=people,${base}`);
  t.is(own, 'user bind: the password of anna is right');
  t.is(again, bind);
  t.is(groups, 'groups: none');
});

testWith(
  programs,
  'a certificate of a CA that is not named is refused before the password is sent',
  async (t) => {
    const {slapd} = await directory(t);
    const strange = (await makeServerCertificate(await temporaryDirectory(t))).caFile;
    for (const url of [slapd.url, slapd.secureUrl]) {
      for (const caFile of [undefined, strange]) {
        const [fault] = await faultsOf(t, slapd.settings({urls: [url], caFile}));
        t.is(fault?.step, 'TLS');
        t.regex(fault?.finding ?? '', /the certificate is not trusted/);
        t.regex(fault?.advice ?? '', /auth\.ldap\.caFile/);
      }
    }
    t.like(await login(slapd.settings({caFile: undefined, verify: false})), {outcome: 'accepted'});
  },
);

testWith(programs, 'a certificate for another host is refused', async (t) => {
  const slapd = await startSlapd(t, {names: ['ldap.example.org']});
  for (const url of [slapd.url, slapd.secureUrl]) {
    const [fault] = await faultsOf(t, slapd.settings({urls: [url]}));
    t.regex(fault?.finding ?? '', /the certificate is not for this host: .*127\.0\.0\.1/);
  }
});

testWith(programs, 'a directory that offers no StartTLS gets no password', async (t) => {
  const slapd = await startSlapd(t, {tls: false});
  await slapd.addPerson('anna', {password});
  const [fault] = await faultsOf(t, slapd.settings());
  t.is(fault?.step, 'TLS');
  t.regex(fault?.finding ?? '', /no StartTLS/);
  t.like(await login(slapd.settings({startTls: false})), {outcome: 'accepted'});
});

testWith(programs, 'the password of the search that is wrong is told as that', async (t) => {
  const {slapd} = await directory(t);
  const [fault] = await faultsOf(t, slapd.settings({bindPassword: 'not this one'}));
  t.is(fault?.step, 'bind');
  t.regex(fault?.advice ?? '', /auth\.ldap\.bindDn and auth\.ldap\.bindPassword/);
});

testWith(
  programs,
  'a base that is not there is told, and so is a search that nobody may',
  async (t) => {
    const {slapd} = await directory(t);
    const [missing] = await faultsOf(t, slapd.settings({base: `ou=nobody,${base}`}));
    t.is(missing?.step, 'search');
    t.regex(missing?.advice ?? '', /auth\.ldap\.base/);
    const anonymous = {bindDn: undefined, bindPassword: undefined};
    const [hidden] = await faultsOf(t, slapd.settings(anonymous));
    t.regex(hidden?.advice ?? '', /auth\.ldap\.bindDn/);
  },
);

testWith(programs, 'an anonymous search does where the directory allows it', async (t) => {
  const slapd = await startSlapd(t, {anonymous: true});
  await slapd.addPerson('anna', {password});
  const anonymous = {bindDn: undefined, bindPassword: undefined};
  t.like(await login(slapd.settings(anonymous)), {outcome: 'accepted'});
  t.like(await login(slapd.settings(anonymous), 'anna', 'wrong'), {outcome: 'rejected'});
});

testWith(
  programs,
  'the next host is asked where one is down, and first from then on',
  async (t) => {
    const {slapd} = await directory(t);
    const dead = `ldap://127.0.0.1:${await freePort(t)}`;
    const log = keptLog();
    const provider = provide(slapd.settings({urls: [dead, slapd.url]}), log);
    for (let turn = 0; turn < 3; turn += 1) {
      t.like(await provider.login({username: 'anna', password}, never), {outcome: 'accepted'});
    }
    const told = log.lines.filter(({message}) => message.includes('another host'));
    t.deepEqual(
      told.map(({fields}) => fields['url']),
      [slapd.url],
    );
  },
);

testWith(programs, 'the faults of all hosts are told where none answers', async (t) => {
  const {slapd} = await directory(t);
  const urls = [
    `ldap://127.0.0.1:${await freePort(t)}`,
    'ldap://nobody.invalid',
    slapd.secureUrl.replace('ldaps', 'ldap'),
    slapd.url.replace('ldap', 'ldaps'),
  ];
  const faults = await faultsOf(t, slapd.settings({urls, timeout: '1s'}));
  t.deepEqual(
    faults.map(({step}) => step),
    ['connect', 'connect', 'TLS', 'TLS'],
  );
  t.regex(faults[0]?.finding ?? '', /nothing listens/);
  t.regex(faults[1]?.finding ?? '', /name of the host/);
  t.regex(faults[2]?.advice ?? '', /ldaps:\/\//);
  t.regex(faults[3]?.advice ?? '', /ldap:\/\//);
});

testWith(
  programs,
  'e-mail and name come from the entry, and the e-mail is guessed where that is wanted',
  async (t) => {
    const {slapd} = await directory(t);
    await slapd.addPerson('carl', {password, attributes: {displayName: 'Carl C.'}});
    t.like(identityOf(await login(slapd.settings())), {
      email: 'anna@example.org',
      displayName: 'anna of Example',
    });
    const carl = identityOf(await login(slapd.settings(), 'carl'));
    t.is(carl?.email, undefined);
    t.is(carl?.displayName, 'Carl C.');
    const guessed = identityOf(await login(slapd.settings({guessEmail: true}), 'carl'));
    t.is(guessed?.email, 'carl@ex.org');
  },
);

testWith(
  programs,
  'the filter decides who may log in, and another attribute may hold the name',
  async (t) => {
    const {slapd} = await directory(t);
    await slapd.addPerson('dora', {password, attributes: {employeeNumber: '4711'}});
    const filter = '(employeeNumber=*)';
    t.like(await login(slapd.settings({filter}), 'dora'), {outcome: 'accepted'});
    t.deepEqual(await login(slapd.settings({filter})), {outcome: 'not-accepted'});
    t.like(await login(slapd.settings({uid: 'employeeNumber'}), '4711'), {
      identity: {username: '4711'},
    });
  },
);

testWith(programs, 'two entries of one name let nobody in, and the log names both', async (t) => {
  const {slapd} = await directory(t);
  const entries: string[] = [];
  for (const unit of ['here', 'there']) {
    await slapd.addUnit(unit);
    entries.push(await slapd.addPerson('twin', {password, unit}));
  }
  const log = keptLog();
  const provider = provide(slapd.settings({base}), log);
  t.like(await provider.login({username: 'twin', password}, never), {outcome: 'rejected'});
  const told = log.lines.find(({level}) => level === 'error');
  t.deepEqual([told?.fields['entries']].flat().sort(), entries.sort());
});

testWith(programs, 'whoever is renamed is the same, and who is removed is nobody', async (t) => {
  const {slapd} = await directory(t);
  const dn = await slapd.addPerson('emil', {password});
  const before = identityOf(await login(slapd.settings(), 'emil'));
  await slapd.rename(dn, `uid=emily,ou=people,${base}`);
  const after = identityOf(await login(slapd.settings(), 'emily'));
  t.truthy(before?.subject);
  t.is(after?.subject, before?.subject);
  t.deepEqual(await login(slapd.settings(), 'emil'), {outcome: 'not-accepted'});
  const provider = provide(slapd.settings());
  t.true(await provider.knows(before?.subject ?? '', never));
  t.true(await provider.hasName('emily', never));
  await slapd.remove(`uid=emily,ou=people,${base}`);
  t.deepEqual(await login(slapd.settings(), 'emily'), {outcome: 'not-accepted'});
  t.false(await provider.knows(before?.subject ?? '', never));
  t.false(await provider.hasName('emily', never));
});

testWith(
  programs,
  'an entry without the attribute that never changes lets nobody in, and the log says why',
  async (t) => {
    const {slapd} = await directory(t);
    const log = keptLog();
    const provider = provide(slapd.settings({subject: 'nsUniqueId'}), log);
    t.deepEqual(await provider.login({username: 'anna', password}, never), {
      outcome: 'not-accepted',
    });
    t.true(log.lines.some(({message}) => message.includes('auth.ldap.subject')));
  },
);

testWith(
  programs,
  'groups put people into teams, with the role of each, and admins are found by group or place',
  async (t) => {
    const {slapd, anna} = await directory(t);
    const fay = await slapd.addPerson('fay', {password});
    await slapd.addGroup('builders', [anna, fay]);
    const bosses = await slapd.addGroup('bosses', [fay]);
    const settings = slapd.settings({
      adminGroup: 'Bosses',
      groups: {base: `ou=groups,${base}`, role: 'contributor', roles: {bosses: 'owner'}},
    });
    t.like(identityOf(await login(settings)), {
      isAdmin: false,
      teams: [{team: 'builders', role: 'contributor'}],
    });
    const teams = [
      {team: 'bosses', role: 'owner'},
      {team: 'builders', role: 'contributor'},
    ];
    t.like(identityOf(await login(settings, 'fay')), {isAdmin: true, teams});
    const byDn = slapd.settings({adminGroup: bosses.toUpperCase().replaceAll(',', ' , ')});
    t.is(identityOf(await login(byDn, 'fay'))?.isAdmin, true);
    await slapd.setMembers(bosses, []);
    t.like(identityOf(await login(settings, 'fay')), {isAdmin: false, teams: teams.slice(1)});

    await slapd.addPerson('root', {password, unit: 'admins'});
    const byPlace = slapd.settings({adminBase: `ou=admins,${base}`});
    t.is(identityOf(await login(byPlace, 'root'))?.isAdmin, true);
    t.is(identityOf(await login(byPlace))?.isAdmin, false);
    const silent = identityOf(await login(slapd.settings({groups: {sync: false}})));
    t.is(silent?.isAdmin, undefined);
    t.is(silent?.teams, undefined);
  },
);

testWith(programs, 'names that mean something in a DN or a filter are what they are', async (t) => {
  const {slapd} = await directory(t);
  const names = ['a,b', 'a+b=c', 'x"y', 'back\\slash', '(par)ens*', 'ä ö', '#hash', '<a>;b'];
  for (const name of names) {
    const dn = await slapd.addPerson(name, {password});
    await slapd.addGroup(`of ${name}`, [dn]);
  }
  for (const name of names) {
    const settings = slapd.settings();
    const found = identityOf(await login(settings, name));
    t.is(found?.username, name);
    t.deepEqual(found?.teams, [{team: `of ${name}`, role: 'viewer'}], name);
    t.like(await login(settings, name, 'wrong'), {outcome: 'rejected'}, name);
  }
  for (const name of ['*', 'ann*', 'a*', '(|(uid=*))', 'anna)(objectClass=*', '\\61nna']) {
    t.deepEqual(await login(slapd.settings(), name), {outcome: 'not-accepted'}, name);
  }
});

testWith([], 'a CA file that is missing, empty or damaged is refused with its path', async (t) => {
  const directoryOf = await temporaryDirectory(t);
  const settings = ldapSettings.parse({urls: ['ldaps://ldap.example.org'], base});
  for (const [name, text, reason] of [
    ['missing.pem', undefined, /does not exist/],
    ['empty.pem', '', /has no certificate/],
    ['damaged.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n', /damaged/],
  ] as const) {
    const caFile = join(directoryOf, name);
    if (text !== undefined) await writeFile(caFile, text);
    const error = t.throws(() => provide({...settings, caFile}));
    t.regex(error.message, reason);
    t.true(error.message.includes(caFile));
    t.regex(error.message, /auth\.ldap\.caFile/);
  }
});
