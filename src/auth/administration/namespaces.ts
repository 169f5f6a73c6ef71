/** Operations on namespaces. */
import {z} from 'zod';
import type {Database} from '../../metadata/database.ts';
import {listMembers} from '../../metadata/memberships.ts';
import {
  type Namespace,
  createNamespace,
  deleteNamespace,
  listNamespaces,
  updateNamespace,
} from '../../metadata/namespaces.ts';
import {changing} from '../../metadata/revisions.ts';
import {findTeam} from '../../metadata/teams.ts';
import {findUserByName, raiseGeneration} from '../../metadata/users.ts';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';
import {
  after,
  anyNamespaceName,
  anyTeamName,
  line,
  namespaceName,
  time,
  timeText,
  visibility,
} from './fields.ts';
import {requireNamespace, requireTeam, teamNameOf} from './find.ts';
import {UnknownName} from './unknown-name.ts';
import {namespaceTitle} from './namespace-title.ts';
import {change, question} from './operation.ts';
import {isFreePlace, ownsNamespace, ownsTeam} from './ownership.ts';
import type {About} from './record.ts';

const pageLength = 500;

const namespaceAnswer = z.object({
  /** `/`: that of names without a slash. */
  name: z.string(),
  team: z.string(),
  visibility,
  description: z.string(),
  createdAt: time,
});
type NamespaceAnswer = z.output<typeof namespaceAnswer>;

async function toAnswer(db: Database['db'], namespace: Namespace): Promise<NamespaceAnswer> {
  const {name, teamId, visibility: seen, description, createdAt} = namespace;
  const team = (await findTeam(db, teamId))?.name ?? '';
  const title = namespaceTitle(name);
  return {name: title, team, visibility: seen, description, createdAt: timeText(createdAt)};
}

const ofNamespace = ({name}: {readonly name: string}): About => ({
  subject: namespaceTitle(name),
  namespace: name,
});

const mayCreate = ownsTeam('createNamespaces');
const mayManage = ownsNamespace('manageNamespaces');
const mayShow = ownsNamespace('changeVisibility');
const managing =
  'only owners of its team may do that, where permissions.manageNamespaces lets them, and admins';

export const addNamespace = change(
  'namespace create',
  {
    input: z.strictObject({
      name: namespaceName,
      team: anyTeamName,
      visibility: visibility.default('private'),
      description: line(1000).optional(),
    }),
    output: namespaceAnswer,
    isOwn: async (account, {name, team}, context) =>
      (await mayCreate(context, account, team)) && (await isFreePlace(context, account, name)),
    denial: `only owners of the team may make namespaces for it, where permissions.createNamespaces lets them and nothing of others lies there, and admins`,
    records: {
      key: 'namespace.create',
      about: ({name, team}) => ({...ofNamespace({name}), team}),
      details: ({team, visibility: seen}) => ({team, visibility: seen}),
    },
  },
  async ({db, now}, {name, team: owner, visibility: seen, description}) => {
    const team = await requireTeam(db, owner);
    // Whoever has the name would own what others push there.
    const first = name.split('/')[0] ?? name;
    const account = first === name ? await findUserByName(db, name) : undefined;
    if (account?.isRobot === false && owner !== `user:${name}`) {
      throw new AdministrationError(
        'refused',
        `${name} is the name of a user: the namespace can be that of the team user:${name} alone`,
      );
    }
    const [teamId, at] = [team.id, now().getTime()];
    const made = await createNamespace(db, {name, teamId, visibility: seen, description, now: at});
    if (made === 'unknown-team') throw new UnknownName('team', owner);
    if (made === 'taken') {
      throw new AdministrationError('taken', `there is a namespace ${name} already`);
    }
    return toAnswer(db, made);
  },
);

export const listAllNamespaces = question(
  'namespace list',
  {
    input: z.strictObject({after}),
    output: z.object({namespaces: z.array(namespaceAnswer), next: z.string().optional()}),
  },
  async ({db}, page) => {
    const found = await listNamespaces(db, {...page, limit: pageLength});
    const next = found.length === pageLength ? found.at(-1)?.name : undefined;
    const namespaces = await Promise.all(found.map(async (each) => toAnswer(db, each)));
    return {namespaces, ...(next === undefined ? {} : {next})};
  },
);

const named = z.strictObject({name: anyNamespaceName});

export const showNamespace = question(
  'namespace show',
  {input: named, output: namespaceAnswer},
  async ({db}, {name}) => toAnswer(db, await requireNamespace(db, name)),
);

export const setVisibility = change(
  'namespace set-visibility',
  {
    input: named.extend({visibility}),
    output: namespaceAnswer,
    isOwn: async (account, {name}, context) => mayShow(context, account, name),
    denial:
      'only owners of its team may do that, where permissions.changeVisibility lets them, and admins',
    records: {
      key: 'namespace.change_visibility',
      about: ofNamespace,
      details: ({visibility: seen}, {namespace}) => ({
        visibility: seen,
        former: namespace?.visibility,
      }),
    },
  },
  async ({db}, {name, visibility: seen}) => {
    const namespace = await requireNamespace(db, name);
    const outcome = await updateNamespace(db, {id: namespace.id, visibility: seen});
    if (outcome !== 'done') throw new UnknownName('namespace', name);
    return toAnswer(db, {...namespace, visibility: seen});
  },
);

export const describeNamespace = change(
  'namespace describe',
  {
    input: named.extend({description: line(1000)}),
    output: namespaceAnswer,
    isOwn: async (account, {name}, context) => mayManage(context, account, name),
    denial: managing,
    records: {
      key: 'namespace.change_namespace_description',
      about: ofNamespace,
      details: ({description}, {namespace}) => ({description, former: namespace?.description}),
    },
  },
  async ({db}, {name, description}) => {
    const namespace = await requireNamespace(db, name);
    const outcome = await updateNamespace(db, {id: namespace.id, description});
    if (outcome !== 'done') throw new UnknownName('namespace', name);
    return toAnswer(db, {...namespace, description});
  },
);

/** Of the team that loses a namespace: what was issued to its members before ends. */
async function endTokensOfTeam(
  {db, now}: Pick<AdministrationContext, 'db' | 'now'>,
  teamId: string,
): Promise<void> {
  const limit = 1000;
  let next: string | undefined;
  do {
    const members = await listMembers(db, {teamId, limit, after: next});
    for (const {userId} of members) await raiseGeneration(db, {id: userId, now: now().getTime()});
    next = members.length === limit ? members.at(-1)?.userName : undefined;
  } while (next !== undefined);
}

export const setTeam = change(
  'namespace set-team',
  {
    input: named.extend({team: anyTeamName}),
    output: namespaceAnswer,
    isOwn: async (account, {name, team}, context) =>
      (await mayManage(context, account, name)) && (await mayCreate(context, account, team)),
    denial: `only owners of both teams may do that, where permissions.manageNamespaces and createNamespaces let them, and admins`,
    records: {
      key: 'namespace.change_team',
      about: ofNamespace,
      details: async ({team}, {namespace}, db) => ({
        team,
        former: namespace && (await teamNameOf(db, namespace)),
      }),
    },
  },
  async ({db, now}, {name, team: owner}) => {
    const [namespace, team] = [await requireNamespace(db, name), await requireTeam(db, owner)];
    const outcome = await changing(db, async (turn) => {
      const updated = await updateNamespace(turn, {id: namespace.id, teamId: team.id});
      const isMoved = updated === 'done' && team.id !== namespace.teamId;
      if (isMoved) await endTokensOfTeam({db: turn, now}, namespace.teamId);
      return updated;
    });
    if (outcome === 'unknown') throw new UnknownName('namespace', name);
    if (outcome === 'unknown-team') throw new UnknownName('team', owner);
    return toAnswer(db, {...namespace, teamId: team.id});
  },
);

/** What lies in it on the storage stays, for admins, and for the person whose name it is. */
export const removeNamespace = change(
  'namespace delete',
  {
    input: named,
    output: namespaceAnswer,
    isOwn: async (account, {name}, context) => mayManage(context, account, name),
    denial: managing,
    records: {
      key: 'namespace.delete',
      about: ofNamespace,
      details: async (_, {namespace}, db) => ({
        team: namespace && (await teamNameOf(db, namespace)),
      }),
    },
  },
  async ({db, now}, {name}) => {
    const namespace = await requireNamespace(db, name);
    const answer = await toAnswer(db, namespace);
    const outcome = await changing(db, async (turn) => {
      const deleted = await deleteNamespace(turn, namespace.id);
      if (deleted === 'done') await endTokensOfTeam({db: turn, now}, namespace.teamId);
      return deleted;
    });
    if (outcome === 'unknown') throw new UnknownName('namespace', name);
    if (outcome === 'root') {
      throw new AdministrationError('refused', 'the root namespace stays');
    }
    return answer;
  },
);
