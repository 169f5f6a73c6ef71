import {
  createPerson,
  createRobot,
  deleteUser,
  setAdmin,
  setEnabled,
} from '../../src/metadata/accounts.ts';
import {
  createApplicationToken,
  findApplicationToken,
} from '../../src/metadata/application-tokens.ts';
import {claimFirstAdmin, isFirstAdminClaimed} from '../../src/metadata/claims.ts';
import {findRole, listMembershipsOf, listTeamsOwnedAlone} from '../../src/metadata/memberships.ts';
import {
  createNamespace,
  findNamespaceByName,
  updateNamespace,
} from '../../src/metadata/namespaces.ts';
import {createRefreshToken, findRefreshToken} from '../../src/metadata/refresh-tokens.ts';
import {readRevision} from '../../src/metadata/revisions.ts';
import {createTeam, findTeamByName} from '../../src/metadata/teams.ts';
import {findUser, findUserByName} from '../../src/metadata/users.ts';
import {freshOn, onEachEngine} from '../contract/engines.ts';
import {made, now, person, repositoryName, teamName, userName} from './workbench.ts';

onEachEngine(
  'a person comes with a team of one that owns a private namespace of the same name',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const ada = await person(db, 'ada');
    const [membership, ...more] = await listMembershipsOf(db, ada.id);
    t.like(membership, {teamName: 'user:ada', isPersonal: true, role: 'owner'});
    t.deepEqual(more, []);
    const namespace = await findNamespaceByName(db, 'ada');
    t.like(namespace, {teamId: membership?.teamId, visibility: 'private'});
  },
);

onEachEngine(
  'a name that an account or a namespace has is refused, and nothing is left of the attempt',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    await person(db, 'ada');
    const teamId = (await findTeamByName(db, 'root'))?.id ?? '';
    const name = repositoryName('bob');
    made(await createNamespace(db, {name, teamId, visibility: 'public', now}));
    const before = await readRevision(db);
    t.is(await createPerson(db, {name: userName('ada'), now}), 'taken');
    t.is(await createPerson(db, {name: userName('bob'), now}), 'namespace-taken');
    t.is(await createRobot(db, {name: userName('ada'), teamId, role: 'viewer', now}), 'taken');
    const robot = {name: userName('bot'), teamId: 'none', role: 'viewer', now} as const;
    t.is(await createRobot(db, robot), 'unknown-team');
    t.is(await findUserByName(db, 'bob'), undefined);
    t.is(await findTeamByName(db, 'user:bob'), undefined);
    t.is(await readRevision(db), before);
  },
);

onEachEngine(
  'a robot belongs to its team with its role, and has no namespace',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const teamId = (await findTeamByName(db, 'root'))?.id ?? '';
    const robot = {name: userName('bot'), teamId, role: 'contributor', now} as const;
    const {id, ...bot} = made(await createRobot(db, robot));
    t.like(bot, {isRobot: true, isAdmin: false, teamId});
    t.is(await findRole(db, {teamId, userId: id}), 'contributor');
    t.is(await findNamespaceByName(db, 'bot'), undefined);
    t.is(await setAdmin(db, {id, isAdmin: true, now}), 'robot');
    t.false(await claimFirstAdmin(db, {id, now}));
  },
);

onEachEngine('the first admin is claimed once, by whichever way', async (t, engine) => {
  const db = await freshOn(t, engine);
  const ada = await person(db, 'ada');
  t.false(await isFirstAdminClaimed(db));
  t.is(await setEnabled(db, {id: ada.id, isEnabled: false, now}), 'done');
  t.false(await claimFirstAdmin(db, {id: ada.id, now}));
  t.false(await claimFirstAdmin(db, {id: 'nobody', now}));
  t.false(await isFirstAdminClaimed(db));
  t.true((await person(db, 'bob', {admin: 'if-first'})).isAdmin);
  t.true(await isFirstAdminClaimed(db));
  t.false((await person(db, 'cyd', {admin: 'if-first'})).isAdmin);
  t.true((await person(db, 'dan', {admin: 'yes'})).isAdmin);
  t.true((await findUserByName(db, 'dan'))?.isAdmin);
});

onEachEngine('an admin that was made leaves nothing to claim', async (t, engine) => {
  const db = await freshOn(t, engine);
  const ada = await person(db, 'ada');
  const bob = await person(db, 'bob');
  t.is(await setAdmin(db, {id: ada.id, isAdmin: true, now}), 'done');
  t.false(await claimFirstAdmin(db, {id: bob.id, now}));
});

onEachEngine('the last enabled admin stays an admin, enabled, and there', async (t, engine) => {
  const db = await freshOn(t, engine);
  const {id} = await person(db, 'ada', {admin: 'yes'});
  const bob = await person(db, 'bob', {admin: 'yes'});
  t.is(await setEnabled(db, {id: bob.id, isEnabled: false, now}), 'done');
  const before = await readRevision(db);
  t.is(await setAdmin(db, {id, isAdmin: false, now}), 'last-admin');
  t.is(await setEnabled(db, {id, isEnabled: false, now}), 'last-admin');
  t.is(await deleteUser(db, {id, namespaces: 'delete'}), 'last-admin');
  t.is(await readRevision(db), before);
  t.is(await deleteUser(db, {id: bob.id, namespaces: 'delete'}), 'done');
  t.like(await findUser(db, id), {isAdmin: true, isEnabled: true, generation: 1});
});

onEachEngine(
  'what changes an account ends what was issued to it, and what changes nothing does not',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    await person(db, 'root', {admin: 'yes'});
    const {id} = await person(db, 'ada');
    const generation = async () => (await findUser(db, id))?.generation;
    await setAdmin(db, {id, isAdmin: false, now});
    await setEnabled(db, {id, isEnabled: true, now});
    t.is(await generation(), 1);
    await setAdmin(db, {id, isAdmin: true, now});
    t.is(await generation(), 2);
    await setEnabled(db, {id, isEnabled: false, now});
    t.is(await generation(), 3);
    await setEnabled(db, {id, isEnabled: true, now});
    t.is(await generation(), 4);
    for (const change of [
      setAdmin(db, {id: 'x', isAdmin: true, now}),
      deleteUser(db, {id: 'x', namespaces: 'keep'}),
    ]) {
      t.is(await change, 'unknown');
    }
  },
);

onEachEngine(
  'who is deleted goes with his tokens, memberships, robots and team',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id: userId} = await person(db, 'ada');
    const teamId = (await findTeamByName(db, 'user:ada'))?.id ?? '';
    const robot = {name: userName('bot'), teamId, role: 'viewer', now} as const;
    const bot = made(await createRobot(db, robot));
    const common = {userId, hash: 'h', now};
    made(await createApplicationToken(db, {...common, id: 'app', name: 'ci', isPullOnly: false}));
    const refresh = {...common, id: 'r', service: 's', clientId: 'c', generation: 1};
    t.true(await createRefreshToken(db, {...refresh, expiresAt: now + 1}));
    t.is(await deleteUser(db, {id: userId, namespaces: 'delete'}), 'done');
    t.is(await findUser(db, userId), undefined);
    t.is(await findUser(db, bot.id), undefined);
    t.is(await findApplicationToken(db, 'app'), undefined);
    t.is(await findRefreshToken(db, {id: 'r', now}), undefined);
    t.is(await findTeamByName(db, 'user:ada'), undefined);
    t.is(await findNamespaceByName(db, 'ada'), undefined);
    await person(db, 'ada');
  },
);

onEachEngine(
  'a namespace that is kept goes to the owners of the root namespace, and its name stays taken',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id} = await person(db, 'ada');
    t.is(await deleteUser(db, {id, namespaces: 'keep'}), 'done');
    const root = await findNamespaceByName(db, '');
    t.like(await findNamespaceByName(db, 'ada'), {teamId: root?.teamId, visibility: 'private'});
    t.is(await createPerson(db, {name: userName('ada'), now}), 'namespace-taken');
  },
);

onEachEngine('who alone owns a team, or the root namespace, is not deleted', async (t, engine) => {
  const db = await freshOn(t, engine);
  const ada = await person(db, 'ada');
  const bob = await person(db, 'bob');
  made(await createTeam(db, {name: teamName('crew'), ownerId: ada.id, now}));
  t.deepEqual(await listTeamsOwnedAlone(db, ada.id), ['crew']);
  t.is(await deleteUser(db, {id: ada.id, namespaces: 'delete'}), 'last-owner');
  t.deepEqual(await listTeamsOwnedAlone(db, bob.id), []);
  const root = await findNamespaceByName(db, '');
  const teamId = (await findTeamByName(db, 'user:bob'))?.id;
  t.is(await updateNamespace(db, {id: root?.id ?? '', teamId}), 'done');
  t.is(await deleteUser(db, {id: bob.id, namespaces: 'delete'}), 'last-owner');
});
