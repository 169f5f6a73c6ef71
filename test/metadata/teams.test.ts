import test from 'ava';
import {createRobot} from '../../src/metadata/accounts.ts';
import {
  addMember,
  changeRole,
  findRole,
  listMembers,
  listMembershipsOf,
  removeMember,
} from '../../src/metadata/memberships.ts';
import {createNamespace, findNamespaceByName} from '../../src/metadata/namespaces.ts';
import {applyProviderFacts} from '../../src/metadata/provider-facts.ts';
import {readRevision} from '../../src/metadata/revisions.ts';
import {parseTeamName} from '../../src/metadata/team-name.ts';
import {
  createTeam,
  deleteTeam,
  findTeam,
  findTeamByName,
  listTeams,
  updateTeam,
} from '../../src/metadata/teams.ts';
import {findUser} from '../../src/metadata/users.ts';
import type {Database} from '../../src/metadata/database.ts';
import {freshOn, onEachEngine} from '../contract/engines.ts';
import {made, now, person, repositoryName, teamName, userName} from './workbench.ts';

const team = async (db: Database['db'], name: string, ownerId: string) =>
  made(await createTeam(db, {name: teamName(name), ownerId, now}));

for (const [text, name] of [
  ['crew', 'crew'],
  ['  The Crew! (ö, 組) ', 'The Crew! (ö, 組)'],
  ['o\u0308', 'ö'],
  ['x'.repeat(128), 'x'.repeat(128)],
] as const) {
  test(`${JSON.stringify(text)} is a name of a team`, (t) => {
    t.is<string | undefined, string>(parseTeamName(text), name);
  });
}

for (const text of [
  ...['', '   ', 'a\nb', 'a\u0000', 'a\u200bb', 'a\u202eb', 'a\u00a0b', 'user:ada', ' User:ada'],
  ...['\u{e0041}', 'x'.repeat(129)],
]) {
  test(`${JSON.stringify(text)} is no name of a team`, (t) => {
    t.is(parseTeamName(text), undefined);
  });
}

onEachEngine('a team begins with its owner, and has a name of its own', async (t, engine) => {
  const db = await freshOn(t, engine);
  const ada = await person(db, 'ada');
  const crew = await team(db, 'crew', ada.id);
  t.deepEqual(await findTeam(db, crew.id), crew);
  t.deepEqual(await findTeamByName(db, 'crew'), crew);
  t.is(await findRole(db, {teamId: crew.id, userId: ada.id}), 'owner');
  const name = teamName('crew');
  t.is(await createTeam(db, {name, ownerId: ada.id, now}), 'taken');
  t.is(await createTeam(db, {name: teamName('x'), ownerId: 'nobody', now}), 'unknown-user');
});

onEachEngine('teams are listed by pages, without the personal ones', async (t, engine) => {
  const db = await freshOn(t, engine);
  const ada = await person(db, 'ada');
  await team(db, 'a', ada.id);
  await team(db, 'z', ada.id);
  const first = await listTeams(db, {limit: 2});
  t.deepEqual(
    first.map(({name}) => name),
    ['a', 'root'],
  );
  t.like(await listTeams(db, {limit: 2, after: 'root'}), [{name: 'z'}]);
});

onEachEngine(
  'a team follows a directory from one change on, and no more from another',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const ada = await person(db, 'ada');
    const {id} = await team(db, 'crew', ada.id);
    for (const isSynced of [true, false]) {
      t.is(await updateTeam(db, {id, isSynced}), 'done');
      t.like(await findTeam(db, id), {name: 'crew', isSynced});
    }
    t.is(await updateTeam(db, {id: 'none', isSynced: true}), 'unknown');
  },
);

onEachEngine(
  'a team is renamed, and never to what differs from another in capitals alone',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const ada = await person(db, 'ada');
    const {id} = await team(db, 'crew', ada.id);
    await team(db, 'ÄRZTE', ada.id);
    t.is(await updateTeam(db, {id, name: teamName('Ärzte')}), 'taken');
    t.is(await updateTeam(db, {id, name: teamName('Crew')}), 'done');
    t.like(await findTeam(db, id), {name: 'Crew'});
  },
);

onEachEngine(
  'a group leads into the team of its name, whatever the capitals of that, and out again',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const [ada, bob] = [await person(db, 'ada'), await person(db, 'bob')];
    const {id: teamId} = await team(db, 'DevÖps', ada.id);
    const facts = {userId: bob.id, source: 'ldap', now};
    const teams = new Map([['devöps', 'contributor']] as const);
    t.like(await applyProviderFacts(db, {...facts, teams}), {joined: ['DevÖps']});
    t.is(await findRole(db, {teamId, userId: bob.id}), 'contributor');
    t.is(await applyProviderFacts(db, {...facts, teams}), undefined);
    t.like(await applyProviderFacts(db, {...facts, teams: new Map()}), {left: ['DevÖps']});
  },
);

onEachEngine(
  'the last admin stays one whatever his directory says, and nobody has to look again for it',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id: userId} = await person(db, 'ada', {admin: 'yes'});
    const before = await readRevision(db);
    const facts = {userId, source: 'ldap', isAdmin: false, now};
    t.like(await applyProviderFacts(db, facts), {admin: 'last-admin'});
    t.is(await readRevision(db), before);
  },
);

onEachEngine(
  'a team goes with its robots, and its namespaces to another team',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const ada = await person(db, 'ada');
    const crew = await team(db, 'crew', ada.id);
    const band = await team(db, 'band', ada.id);
    const bot = {name: userName('bot'), teamId: crew.id, role: 'viewer', now} as const;
    const {id: botId} = made(await createRobot(db, bot));
    const name = repositoryName('ships');
    made(await createNamespace(db, {name, teamId: crew.id, visibility: 'private', now}));
    const {id} = crew;
    t.is(await deleteTeam(db, {id}), 'has-namespaces');
    t.is(await deleteTeam(db, {id, namespacesTo: id}), 'unknown-team');
    t.is(await deleteTeam(db, {id, namespacesTo: 'none'}), 'unknown-team');
    t.is(await deleteTeam(db, {id, namespacesTo: band.id}), 'done');
    t.is(await findTeam(db, id), undefined);
    t.is(await findUser(db, botId), undefined);
    t.like(await findNamespaceByName(db, 'ships'), {teamId: band.id});
    t.is(await deleteTeam(db, {id}), 'unknown');
    const own = (await findTeamByName(db, 'user:ada'))?.id ?? '';
    t.is(await deleteTeam(db, {id: own}), 'personal');
  },
);

onEachEngine('members come, change their role, go, and are listed', async (t, engine) => {
  const db = await freshOn(t, engine);
  const ada = await person(db, 'ada');
  const bob = await person(db, 'bob');
  const {id: teamId} = await team(db, 'crew', ada.id);
  const key = {teamId, userId: bob.id};
  t.is(await addMember(db, {...key, role: 'viewer', now}), 'done');
  t.is(await addMember(db, {...key, role: 'owner', now}), 'taken');
  t.is(await addMember(db, {...key, teamId: 'none', role: 'viewer', now}), 'unknown-team');
  t.is(await addMember(db, {...key, userId: 'none', role: 'viewer', now}), 'unknown-user');
  t.is(await changeRole(db, {...key, role: 'contributor'}), 'done');
  t.like(await listMembers(db, {teamId, limit: 9}), [
    {userName: 'ada', role: 'owner', isRobot: false},
    {userName: 'bob', role: 'contributor', createdAt: now},
  ]);
  t.is((await listMembers(db, {teamId, limit: 9, after: 'ada'})).length, 1);
  t.like(await listMembershipsOf(db, bob.id), [
    {teamName: 'crew', role: 'contributor', isPersonal: false},
    {teamName: 'user:bob', role: 'owner', isPersonal: true},
  ]);
  t.is(await removeMember(db, key), 'done');
  t.is(await removeMember(db, key), 'unknown');
  t.is(await changeRole(db, {...key, role: 'owner'}), 'unknown');
  t.is(await findRole(db, key), undefined);
});

onEachEngine(
  'the last owner stays one, a robot is no substitute for him, and a refusal is no change',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const ada = await person(db, 'ada');
    const {id: teamId} = await team(db, 'crew', ada.id);
    const bot = {name: userName('bot'), teamId, role: 'owner', now} as const;
    const {id: botId} = made(await createRobot(db, bot));
    const key = {teamId, userId: ada.id};
    const before = await readRevision(db);
    t.is(await changeRole(db, {...key, role: 'viewer'}), 'last-owner');
    t.is(await removeMember(db, key), 'last-owner');
    t.is(await readRevision(db), before);
    t.is(await changeRole(db, {...key, role: 'owner'}), 'done');
    t.is(await removeMember(db, {teamId, userId: botId}), 'done');
  },
);
