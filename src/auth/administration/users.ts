/** Operations on people's accounts. */
import {z} from 'zod';
import {createPerson, deleteUser, setAdmin, setEnabled} from '../../metadata/accounts.ts';
import {listApplicationTokens} from '../../metadata/application-tokens.ts';
import {listMembershipsOf, listTeamsOwnedAlone} from '../../metadata/memberships.ts';
import {findNamespaceByName} from '../../metadata/namespaces.ts';
import {findTeam} from '../../metadata/teams.ts';
import {type User, findUserByName, listUsers, setPassword} from '../../metadata/users.ts';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';
import {after, email, line, password, role, time, timeText, userName} from './fields.ts';
import {requirePerson, requireUser} from './find.ts';
import {UnknownName} from './unknown-name.ts';
import {refuseNameElsewhere} from './name-elsewhere.ts';
import {operation} from './operation.ts';

const pageLength = 500;

const userAnswer = z.object({
  name: z.string(),
  isAdmin: z.boolean(),
  isEnabled: z.boolean(),
  isRobot: z.boolean(),
  /** Where the account comes from: `local` ... */
  provider: z.string(),
  displayName: z.string().optional(),
  email: z.string().optional(),
  createdAt: time,
  lastLoginAt: time.optional(),
});
export type UserAnswer = z.output<typeof userAnswer>;

function toAnswer(user: User): UserAnswer {
  const {name, isAdmin, isEnabled, isRobot, provider, displayName, email: mail} = user;
  const {createdAt, lastLoginAt} = user;
  return {
    name,
    isAdmin,
    isEnabled,
    isRobot,
    provider,
    ...(displayName === undefined ? {} : {displayName}),
    ...(mail === undefined ? {} : {email: mail}),
    createdAt: timeText(createdAt),
    ...(lastLoginAt === undefined ? {} : {lastLoginAt: timeText(lastLoginAt)}),
  };
}

const named = z.strictObject({name: userName});

export const createUser = operation(
  'user create',
  {
    input: z.strictObject({
      name: userName,
      password,
      /** The first account is one anyway. */
      isAdmin: z.boolean().default(false),
      displayName: line(128).optional(),
      email: email.optional(),
    }),
    output: userAnswer,
  },
  async (context, {isAdmin, password: text, ...person}) => {
    const {db, hasher, now, onChange} = context;
    await refuseNameElsewhere(context, person.name);
    // Before the slow hash, and once more within the transaction.
    if (await findUserByName(db, person.name)) throw nameTaken(person.name);
    const user = await createPerson(db, {
      ...person,
      passwordHash: await hasher.hash(text),
      admin: isAdmin ? 'yes' : 'if-first',
      now: now().getTime(),
    });
    if (user === 'taken') throw nameTaken(person.name);
    if (user === 'namespace-taken') {
      throw new AdministrationError(
        'taken',
        `there is a namespace ${person.name} already, which would be that of the new user: delete it, or take another name`,
      );
    }
    onChange();
    return toAnswer(user);
  },
);

const nameTaken = (name: string): AdministrationError =>
  new AdministrationError('taken', `there is an account ${name} already`);

export const listAllUsers = operation(
  'user list',
  {
    input: z.strictObject({after}),
    output: z.object({users: z.array(userAnswer), next: z.string().optional()}),
  },
  async ({db}, page) => {
    const users = await listUsers(db, {...page, limit: pageLength, isRobot: false});
    const next = users.length === pageLength ? users.at(-1)?.name : undefined;
    return {users: users.map(toAnswer), ...(next === undefined ? {} : {next})};
  },
);

export const showUser = operation(
  'user show',
  {
    input: named,
    output: userAnswer.extend({
      teams: z.array(z.object({name: z.string(), role})),
      tokens: z.number(),
    }),
  },
  async ({db}, {name}) => {
    const user = await requireUser(db, name);
    const memberships = await listMembershipsOf(db, user.id);
    const teams = memberships.map(({teamName, role: held}) => ({name: teamName, role: held}));
    const tokens = await listApplicationTokens(db, user.id);
    return {...toAnswer(user), teams, tokens: tokens.length};
  },
);

async function switchTo(
  {db, now, onChange}: AdministrationContext,
  name: string,
  isEnabled: boolean,
): Promise<UserAnswer> {
  const user = await requireUser(db, name);
  const outcome = await setEnabled(db, {id: user.id, isEnabled, now: now().getTime()});
  if (outcome === 'unknown') throw new UnknownName('user', name);
  if (outcome === 'last-admin') throw lastAdmin(name);
  onChange();
  return toAnswer({...user, isEnabled});
}

const lastAdmin = (name: string): AdministrationError =>
  new AdministrationError(
    'refused',
    `${name} is the last admin who is enabled: make another one first`,
  );

const done = {input: named, output: userAnswer};

/** Ends sessions and tokens at once; robots, too. */
export const disableUser = operation('user disable', done, (context, {name}) =>
  switchTo(context, name, false),
);

export const enableUser = operation('user enable', done, (context, {name}) =>
  switchTo(context, name, true),
);

/** Throws an AdministrationError where the password is another's to keep. */
export function requirePasswordHere({name, provider}: Pick<User, 'name' | 'provider'>): void {
  if (provider === 'local') return;
  throw new AdministrationError(
    'refused',
    `${name} logs in through ${provider}: the password is changed there`,
  );
}

/** Ends sessions and tokens at once, application tokens excepted. */
export const changePassword = operation(
  'user password',
  {input: z.strictObject({name: userName, password}), output: userAnswer},
  async ({db, hasher, now, onChange}, {name, password: text}) => {
    const user = await requirePerson(db, name);
    requirePasswordHere(user);
    const passwordHash = await hasher.hash(text);
    if (!(await setPassword(db, {id: user.id, passwordHash, now: now().getTime()}))) {
      throw new UnknownName('user', name);
    }
    onChange();
    return toAnswer(user);
  },
);

export const changeAdmin = operation(
  'user admin',
  {input: z.strictObject({name: userName, isAdmin: z.boolean()}), output: userAnswer},
  async ({db, now, onChange}, {name, isAdmin}) => {
    const user = await requirePerson(db, name);
    const outcome = await setAdmin(db, {id: user.id, isAdmin, now: now().getTime()});
    if (outcome === 'unknown' || outcome === 'robot') throw new UnknownName('user', name);
    if (outcome === 'last-admin') throw lastAdmin(name);
    onChange();
    return toAnswer({...user, isAdmin});
  },
);

export const removeUser = operation(
  'user delete',
  {
    input: z.strictObject({
      name: userName,
      /** keep: for the team of the root namespace. */
      namespaces: z.enum(['keep', 'delete']).default('keep'),
    }),
    /** `namespaceOf`: the team that has the namespace of that name. */
    output: userAnswer.extend({namespaceOf: z.string().optional()}),
  },
  async ({db, onChange}, {name, namespaces}) => {
    const user = await requirePerson(db, name);
    const outcome = await deleteUser(db, {id: user.id, namespaces});
    if (outcome === 'unknown') throw new UnknownName('user', name);
    if (outcome === 'last-admin') throw lastAdmin(name);
    if (outcome === 'last-owner') {
      const teams = await listTeamsOwnedAlone(db, user.id);
      const what = teams.length > 0 ? `the teams ${teams.join(', ')}` : 'the root namespace';
      throw new AdministrationError(
        'refused',
        `${name} alone owns ${what}: give them another owner first`,
      );
    }
    onChange();
    const left = await findNamespaceByName(db, name);
    const heir = left && (await findTeam(db, left.teamId));
    return {...toAnswer(user), ...(heir ? {namespaceOf: heir.name} : {})};
  },
);
