/** Operations on application tokens: they work as the password of their user. */
import {z} from 'zod';
import {
  type ApplicationToken,
  createApplicationToken,
  deleteApplicationToken,
  listApplicationTokens,
} from '../../metadata/application-tokens.ts';
import {findRole} from '../../metadata/memberships.ts';
import {findNamespacesOf, type Namespace} from '../../metadata/namespaces.ts';
import {changing} from '../../metadata/revisions.ts';
import {raiseGeneration} from '../../metadata/users.ts';
import {isRepositoryName} from '../../oci/name.ts';
import type {Account} from '../caller.ts';
import {createSecretToken} from '../secret-token.ts';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';
import {anyNamespaceName, lifetime, time, timeText, tokenName, userName} from './fields.ts';
import {requireNamespace, requireUser} from './find.ts';
import {UnknownName} from './unknown-name.ts';
import {namespaceTitle} from './namespace-title.ts';
import {change, question} from './operation.ts';
import {ownsRobot} from './ownership.ts';
import type {About} from './record.ts';

const tokenAnswer = z.object({
  name: z.string(),
  /** Absent: all that its user has. */
  namespaces: z.array(z.string()).optional(),
  isPullOnly: z.boolean(),
  createdAt: time,
  /** Absent: never. */
  expiresAt: time.optional(),
  lastUsedAt: time.optional(),
});
type TokenAnswer = z.output<typeof tokenAnswer>;

function toTokenAnswer(token: ApplicationToken): TokenAnswer {
  const {name, namespaces, isPullOnly, createdAt, expiresAt, lastUsedAt} = token;
  return {
    name,
    ...(namespaces === undefined ? {} : {namespaces: namespaces.map(namespaceTitle)}),
    isPullOnly,
    createdAt: timeText(createdAt),
    ...(expiresAt === undefined ? {} : {expiresAt: timeText(expiresAt)}),
    ...(lastUsedAt === undefined ? {} : {lastUsedAt: timeText(lastUsedAt)}),
  };
}

/** People make, see and revoke their own, and owners those of their team's robots. */
const isOwn = async (
  account: Account,
  {user}: {readonly user: string},
  context: AdministrationContext,
): Promise<boolean> => account.name === user || ownsRobot(context, account, user);

const ofToken = ({user, name}: {readonly user: string; readonly name: string}): About => ({
  subject: name,
  account: user,
});

/** The answer has the token itself: nobody can read it again. */
export const createToken = change(
  'app-token create',
  {
    input: z.strictObject({
      user: userName,
      name: tokenName,
      expiresIn: lifetime.optional(),
      namespaces: z.array(anyNamespaceName).min(1).max(100).optional(),
      isPullOnly: z.boolean().default(false),
    }),
    output: tokenAnswer.extend({token: z.string()}),
    isOwn: async (account, input, context) => {
      if (!(await isOwn(account, input, context))) return false;
      for (const each of input.namespaces ?? []) await requireSeen(context, account, each);
      return true;
    },
    records: {
      key: 'application_token.create',
      about: ofToken,
      details: ({user, expiresIn, namespaces, isPullOnly}) => ({
        user,
        ...(expiresIn === undefined ? {} : {expires_in: expiresIn}),
        ...(namespaces === undefined ? {} : {namespaces: namespaces.map(namespaceTitle)}),
        ...(isPullOnly ? {pull_only: true} : {}),
      }),
    },
  },
  async (context, {user, name, expiresIn, namespaces, isPullOnly}) => {
    const {db, now} = context;
    const {id: userId} = await requireUser(db, user);
    for (const each of namespaces ?? []) await requirePlace(context, each);
    const {id, text, hash} = createSecretToken('application');
    const at = now().getTime();
    const expiresAt = expiresIn === undefined ? undefined : at + expiresIn;
    const kept = namespaces && [...new Set(namespaces)];
    const fields = {id, userId, name, hash, namespaces: kept, isPullOnly, expiresAt, now: at};
    const token = await createApplicationToken(db, fields);
    if (token === 'unknown-user') throw new UnknownName('user', user);
    if (token === 'taken') {
      throw new AdministrationError('taken', `${user} has a token ${name} already`);
    }
    if (token === 'too-many') {
      throw new AdministrationError('refused', `${user} has as many tokens as one may have`);
    }
    return {...toTokenAnswer(token), token: text};
  },
);

/** A limit to what does not exist, misspelt, would make a token that is good for nothing. Rules about names need no namespaces. */
async function requirePlace(context: AdministrationContext, name: string): Promise<void> {
  if (!isPlace(context, name) || (await placesOf(context, name)).length > 0) return;
  await requireNamespace(context.db, name);
}

/** What others keep private is to him as what does not exist. */
async function requireSeen(
  context: AdministrationContext,
  {id: userId}: Account,
  name: string,
): Promise<void> {
  if (!isPlace(context, name)) return;
  for (const {visibility, teamId} of await placesOf(context, name)) {
    if (visibility !== 'private' || (await findRole(context.db, {teamId, userId}))) return;
  }
  throw new UnknownName('namespace', name);
}

const isPlace = ({config}: AdministrationContext, name: string): boolean =>
  name !== '' && config.namespaces.policy === 'teams';

/** The namespace, and those around it: one that lies in a namespace is a narrower limit. */
async function placesOf({db}: AdministrationContext, name: string): Promise<readonly Namespace[]> {
  const below = `${name}/x`;
  return isRepositoryName(below) ? findNamespacesOf(db, below) : [];
}

export const listTokens = question(
  'app-token list',
  {
    input: z.strictObject({user: userName}),
    output: z.object({tokens: z.array(tokenAnswer)}),
    isOwn,
  },
  async ({db}, {user}) => {
    const {id} = await requireUser(db, user);
    return {tokens: (await listApplicationTokens(db, id)).map(toTokenAnswer)};
  },
);

/** Ends what was issued to its user before: nothing tells which of it the token had been good for. */
export const deleteToken = change(
  'app-token delete',
  {
    input: z.strictObject({user: userName, name: tokenName}),
    output: tokenAnswer,
    isOwn,
    records: {key: 'application_token.destroy', about: ofToken, details: ({user}) => ({user})},
  },
  async ({db, now}, {user, name}) => {
    const {id: userId} = await requireUser(db, user);
    const tokens = await listApplicationTokens(db, userId);
    const token = tokens.find((each) => each.name === name);
    if (!token)
      throw new UnknownName(`token of ${user} with the name`, name, async () =>
        Promise.resolve(tokens),
      );
    const isDeleted = await changing(db, async (turn) => {
      const isGone = await deleteApplicationToken(turn, {id: token.id, userId});
      return isGone && (await raiseGeneration(turn, {id: userId, now: now().getTime()}));
    });
    if (!isDeleted) throw new UnknownName(`token of ${user} with the name`, name);
    return toTokenAnswer(token);
  },
);
