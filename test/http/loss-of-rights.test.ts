/** What was issued for a namespace ends soon for those who lose it, whichever command takes it from them. */
import test from 'ava';
import {operator} from '../../src/auth/administration/actor.ts';
import {removeNamespace, setTeam} from '../../src/auth/administration/namespaces.ts';
import {removeTeamMember, setMemberRole} from '../../src/auth/administration/team-members.ts';
import {removeTeam} from '../../src/auth/administration/teams.ts';
import {PasswordHasher} from '../../src/auth/password-hash.ts';
import {configSchema} from '../../src/config/schema.ts';
import {
  bearer,
  lastRefused,
  soon,
  startWithAccounts,
  type WithAccounts,
} from '../support/accounts.ts';

/** As a command works that finds no server: the server has to notice by itself. */
const contextOf = ({db}: WithAccounts) => ({
  db,
  config: configSchema.parse({}),
  hasher: new PasswordHasher(),
  keys: () => Promise.reject(new Error('no keys are needed')),
  findNameElsewhere: () => Promise.resolve(undefined),
  isOccupied: () => Promise.resolve(false),
  onChange: () => undefined,
  now: () => new Date(),
});
type Context = ReturnType<typeof contextOf>;

const losses: Readonly<Record<string, (context: Context) => Promise<unknown>>> = {
  'leaves the team': async (context) =>
    removeTeamMember.perform(context, operator, {team: 'web', user: 'anna'}),
  'gets a lower role': async (context) =>
    setMemberRole.perform(context, operator, {team: 'web', user: 'anna', role: 'viewer'}),
  'is in a team that loses the namespace to another': async (context) =>
    setTeam.perform(context, operator, {name: 'web', team: 'others'}),
  'is in a team whose namespace is deleted': async (context) =>
    removeNamespace.perform(context, operator, {name: 'web'}),
  'is in a team that is deleted': async (context) =>
    removeTeam.perform(context, operator, {name: 'web', namespacesTo: 'others'}),
};

for (const [what, lose] of Object.entries(losses)) {
  test(`the push token of somebody who ${what} counts no more soon`, async (t) => {
    const holdfast = await startWithAccounts(t);
    await holdfast.person('anna');
    await holdfast.person('bert');
    await holdfast.team('web', {bert: 'owner', anna: 'contributor'});
    await holdfast.team('others', {bert: 'owner'});
    await holdfast.namespace('web', 'web');
    const anna = holdfast.as(bearer(await holdfast.token('anna', 'repository:web/app:push,pull')));
    const push = async () => (await anna.post('/v2/web/app/blobs/uploads/')).status;
    t.is(await push(), 202);
    await lose(contextOf(holdfast));
    const last = await lastRefused(async () => (await push()) === 401);
    t.true(last < soon, `${last} ms later it still counted`);
  });
}
