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
import {change, changeApart, preparedChange, question} from './operation.ts';
import type {About} from './record.ts';

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

const ofUser = ({name}: {readonly name: string}): About => ({subject: name, account: name});

export const createUser = preparedChange(
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
    records: {
      key: 'user.create',
      about: ofUser,
      details: ({isAdmin}) => ({admin: isAdmin}),
    },
    prepare: async (context, {name, password: text}) => {
      await refuseNameElsewhere(context, name);
      // Before the slow hash, and once more within the transaction.
      if (await findUserByName(context.db, name)) throw nameTaken(name);
      return context.hasher.hash(text);
    },
  },
  async ({db, now}, {isAdmin, password: _, ...person}, passwordHash) => {
    const user = await createPerson(db, {
      ...person,
      passwordHash,
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
    return toAnswer(user);
  },
);

const nameTaken = (name: string): AdministrationError =>
  new AdministrationError('taken', `there is an account ${name} already`);

export const listAllUsers = question(
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

export const showUser = question(
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
  {db, now}: AdministrationContext,
  name: string,
  isEnabled: boolean,
): Promise<UserAnswer> {
  const user = await requireUser(db, name);
  const outcome = await setEnabled(db, {id: user.id, isEnabled, now: now().getTime()});
  if (outcome === 'unknown') throw new UnknownName('user', name);
  if (outcome === 'last-admin') throw lastAdmin(name);
  return toAnswer({...user, isEnabled});
}

const lastAdmin = (name: string): AdministrationError =>
  new AdministrationError(
    'refused',
    `${name} is the last admin who is enabled: make another one first`,
  );

const switching = (key: string) => ({
  input: named,
  output: userAnswer,
  records: {key, about: ofUser},
});

/** Ends sessions and tokens at once; robots, too. Whoever disables himself is not let in again by himself. */
export const disableUser = change(
  'user disable',
  {
    ...switching('user.disable'),
    isOwn: ({name: own}, {name}) => name === own,
    denial: 'only an admin may disable other accounts',
  },
  async (context, {name}) => switchTo(context, name, false),
);

export const enableUser = change('user enable', switching('user.enable'), (context, {name}) =>
  switchTo(context, name, true),
);

/** Lets a name log in again for which too many passwords were wrong, in this process. */
export const unlockUser = changeApart(
  'user unlock',
  {
    input: named,
    output: z.object({name: z.string(), wasLocked: z.boolean()}),
    records: {key: 'user.unlock', about: ofUser},
  },
  async ({db, locks}, {name}) => {
    await requireUser(db, name);
    return {name, wasLocked: locks?.unlock(name) ?? false};
  },
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
export const changePassword = preparedChange(
  'user password',
  {
    input: z.strictObject({name: userName, password}),
    output: userAnswer,
    records: {key: 'user.change_password', about: ofUser},
    prepare: async ({db, hasher}, {name, password: text}) => {
      requirePasswordHere(await requirePerson(db, name));
      return hasher.hash(text);
    },
  },
  async ({db, now}, {name}, passwordHash) => {
    const user = await requirePerson(db, name);
    requirePasswordHere(user);
    if (!(await setPassword(db, {id: user.id, passwordHash, now: now().getTime()}))) {
      throw new UnknownName('user', name);
    }
    return toAnswer(user);
  },
);

export const changeAdmin = change(
  'user admin',
  {
    input: z.strictObject({name: userName, isAdmin: z.boolean()}),
    output: userAnswer,
    records: {
      key: ({isAdmin}) => (isAdmin ? 'user.make_admin' : 'user.unmake_admin'),
      about: ofUser,
    },
  },
  async ({db, now}, {name, isAdmin}) => {
    const user = await requirePerson(db, name);
    const outcome = await setAdmin(db, {id: user.id, isAdmin, now: now().getTime()});
    if (outcome === 'unknown' || outcome === 'robot') throw new UnknownName('user', name);
    if (outcome === 'last-admin') throw lastAdmin(name);
    return toAnswer({...user, isAdmin});
  },
);

export const removeUser = change(
  'user delete',
  {
    input: z.strictObject({
      name: userName,
      /** keep: for the team of the root namespace. */
      namespaces: z.enum(['keep', 'delete']).default('keep'),
    }),
    /** `namespaceOf`: the team that has the namespace of that name. */
    output: userAnswer.extend({namespaceOf: z.string().optional()}),
    records: {key: 'user.delete', about: ofUser, details: ({namespaces}) => ({namespaces})},
  },
  async ({db}, {name, namespaces}) => {
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
    const left = await findNamespaceByName(db, name);
    const heir = left && (await findTeam(db, left.teamId));
    return {...toAnswer(user), ...(heir ? {namespaceOf: heir.name} : {})};
  },
);
