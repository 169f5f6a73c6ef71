/** What another process changes counts here soon, be it a loss or a gain. */
import test from 'ava';
import {deleteUser, setAdmin, setEnabled} from '../../src/metadata/accounts.ts';
import {
  deleteApplicationToken,
  listApplicationTokens,
} from '../../src/metadata/application-tokens.ts';
import {addMember, changeRole, removeMember} from '../../src/metadata/memberships.ts';
import {findNamespaceByName, updateNamespace} from '../../src/metadata/namespaces.ts';
import {findUserByName} from '../../src/metadata/users.ts';
import {
  basic,
  bearer,
  lastRefused,
  soon,
  startWithAccounts,
  type WithAccounts,
} from '../support/accounts.ts';

/** What is asked until the answer is another. */
interface Story {
  readonly ask: () => Promise<number>;
  readonly before: number;
  readonly after: number;
  /** By another process's connection. */
  readonly change: () => Promise<unknown>;
}

/** Bert owns the team web and its private namespace web. */
interface Stage {
  readonly holdfast: WithAccounts;
  readonly teamId: string;
}

const scope = 'repository:web/app:pull,push';
const now = Date.now();

const push = async ({holdfast}: Stage, authorization: string): Promise<number> =>
  (await holdfast.as(authorization).post('/v2/web/app/blobs/uploads/')).status;

const idOf = async ({holdfast}: Stage, name: string): Promise<string> =>
  (await findUserByName(holdfast.db, name))?.id ?? '';

const setVisibility = async ({holdfast: {db}}: Stage, visibility: 'private' | 'public') =>
  updateNamespace(db, {id: (await findNamespaceByName(db, 'web'))?.id ?? '', visibility});

/** Two admins: the last one stays. */
async function admin(stage: Stage): Promise<() => Promise<unknown>> {
  const {holdfast} = stage;
  await holdfast.person('adam');
  const {id} = await holdfast.person('ada');
  for (const each of [id, await idOf(stage, 'adam')]) {
    await setAdmin(holdfast.db, {id: each, isAdmin: true, now});
  }
  return async () => setAdmin(holdfast.db, {id, isAdmin: false, now});
}

const stories: Readonly<Record<string, (stage: Stage) => Promise<Story>>> = {
  'an admin who is none any more pushes to the namespace of others no longer': async (stage) => {
    const change = await admin(stage);
    return {ask: async () => push(stage, basic('ada')), before: 202, after: 403, change};
  },
  'the token of an admin who is none any more counts no longer': async (stage) => {
    const change = await admin(stage);
    const token = bearer(await stage.holdfast.token('ada', scope));
    return {ask: async () => push(stage, token), before: 202, after: 401, change};
  },
  'the secret of a robot that was deleted counts no longer': async (stage) => {
    const {holdfast} = stage;
    const secret = basic('builder', await holdfast.robot('builder', 'web', 'contributor'));
    const id = await idOf(stage, 'builder');
    const change = async () => deleteUser(holdfast.db, {id, namespaces: 'keep'});
    return {ask: async () => push(stage, secret), before: 202, after: 401, change};
  },
  'the token of a robot that was deleted counts no longer': async (stage) => {
    const {holdfast} = stage;
    const token = await robotToken(stage);
    const id = await idOf(stage, 'builder');
    const change = async () => deleteUser(holdfast.db, {id, namespaces: 'keep'});
    return {ask: async () => push(stage, token), before: 202, after: 401, change};
  },
  'a robot that became a viewer pushes no longer': async (stage) => {
    const {holdfast} = stage;
    const secret = basic('builder', await holdfast.robot('builder', 'web', 'contributor'));
    const key = {teamId: stage.teamId, userId: await idOf(stage, 'builder')};
    const change = async () => changeRole(holdfast.db, {...key, role: 'viewer'});
    return {ask: async () => push(stage, secret), before: 202, after: 403, change};
  },
  'a robot that became a viewer pushes no longer with its token': async (stage) => {
    const token = await robotToken(stage);
    const key = {teamId: stage.teamId, userId: await idOf(stage, 'builder')};
    const change = async () => changeRole(stage.holdfast.db, {...key, role: 'viewer'});
    return {ask: async () => push(stage, token), before: 202, after: 401, change};
  },
  'a robot that became a contributor pushes': async (stage) => {
    const {holdfast} = stage;
    const secret = basic('builder', await holdfast.robot('builder', 'web', 'viewer'));
    const key = {teamId: stage.teamId, userId: await idOf(stage, 'builder')};
    const change = async () => changeRole(holdfast.db, {...key, role: 'contributor'});
    return {ask: async () => push(stage, secret), before: 403, after: 202, change};
  },
  'an application token that was deleted counts no longer': async (stage) => {
    const {holdfast} = stage;
    const secret = basic('bert', await holdfast.applicationToken('bert'));
    const userId = await idOf(stage, 'bert');
    const [token] = await listApplicationTokens(holdfast.db, userId);
    const change = async () => deleteApplicationToken(holdfast.db, {id: token?.id ?? '', userId});
    return {
      ask: async () => (await holdfast.as(secret).get('/v2/')).status,
      before: 200,
      after: 401,
      change,
    };
  },
  'nobody pulls without a name from a namespace that became private': async (stage) => {
    await setVisibility(stage, 'public');
    return {
      ask: async () => anonymousPull(stage),
      before: 404,
      after: 401,
      change: async () => setVisibility(stage, 'private'),
    };
  },
  'everybody pulls from a namespace that became public': async (stage) =>
    Promise.resolve({
      ask: async () => anonymousPull(stage),
      before: 401,
      after: 404,
      change: async () => setVisibility(stage, 'public'),
    }),
  'who was added to a team pushes to its namespace': async (stage) => {
    const {holdfast} = stage;
    const {id: userId} = await holdfast.person('anna');
    const member = {teamId: stage.teamId, userId, role: 'contributor', now} as const;
    return {
      ask: async () => push(stage, basic('anna')),
      before: 403,
      after: 202,
      change: async () => addMember(holdfast.db, member),
    };
  },
  'who was removed from a team pushes to its namespace no longer': async (stage) => {
    const {holdfast} = stage;
    const {id: userId} = await holdfast.person('anna');
    const key = {teamId: stage.teamId, userId};
    await addMember(holdfast.db, {...key, role: 'contributor', now});
    return {
      ask: async () => push(stage, basic('anna')),
      before: 202,
      after: 403,
      change: async () => removeMember(holdfast.db, key),
    };
  },
  'an account that is enabled again logs in': async (stage) => {
    const {holdfast} = stage;
    const {id} = await holdfast.person('anna');
    await setEnabled(holdfast.db, {id, isEnabled: false, now});
    return {
      ask: async () => (await holdfast.as(basic('anna')).get('/v2/')).status,
      before: 401,
      after: 200,
      change: async () => setEnabled(holdfast.db, {id, isEnabled: true, now}),
    };
  },
};

async function robotToken({holdfast}: Stage): Promise<string> {
  const secret = await holdfast.robot('builder', 'web', 'contributor');
  const robot = holdfast.as(basic('builder', secret));
  const answer = await robot.get(`/auth/token?scope=${scope}`).expect(200);
  return bearer((answer.body as {readonly token: string}).token);
}

async function anonymousPull({holdfast}: Stage): Promise<number> {
  const token = await holdfast.token(undefined, 'repository:web/app:pull');
  const list = holdfast.as(bearer(token)).get('/v2/web/app/tags/list');
  return (await list).status;
}

for (const [fact, prepare] of Object.entries(stories)) {
  test(`${fact}, soon after another process has changed it`, async (t) => {
    const holdfast = await startWithAccounts(t);
    await holdfast.person('bert');
    const {id: teamId} = await holdfast.team('web', {bert: 'owner'});
    await holdfast.namespace('web', 'web');
    const {ask, before, after, change} = await prepare({holdfast, teamId});
    // Twice: what was looked up once is remembered.
    t.deepEqual([await ask(), await ask()], [before, before]);
    await change();
    const last = await lastRefused(async () => {
      const status = await ask();
      t.true(status === before || status === after, `answered ${status}`);
      return status === after;
    });
    t.true(last < soon, `${last} ms later it was as before`);
  });
}
