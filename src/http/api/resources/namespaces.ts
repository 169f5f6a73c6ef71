/** Namespaces: listed, made, shown, changed and deleted. */
import {z} from 'zod';
import type {AdministrationContext} from '../../../auth/administration/context.ts';
import {line, namespaceName} from '../../../auth/administration/fields.ts';
import {
  addNamespace,
  describeNamespace,
  removeNamespace,
  setTeam,
  setVisibility,
} from '../../../auth/administration/namespaces.ts';
import {isFreePlace} from '../../../auth/administration/ownership.ts';
import {namespaceTitle} from '../../../auth/administration/namespace-title.ts';
import {pageOfNamespaces, type SeenNamespaces} from '../../../metadata/namespace-pages.ts';
import {findNamespaceByName} from '../../../metadata/namespaces.ts';
import {findTeams} from '../../../metadata/team-pages.ts';
import {findUserByName} from '../../../metadata/users.ts';
import {parseRepositoryName} from '../../../oci/name.ts';
import type {Account} from '../../../auth/caller.ts';
import type {Asker} from '../asker.ts';
import {edit} from '../edit.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, idParam, idText, judgedBy} from '../fields.ts';
import {pageQuery, pageReply, toPage} from '../pages.ts';
import {
  type Counted,
  namespaceAnswer,
  presentNamespaces,
  visibility,
} from '../present-namespace.ts';
import {findNamespaceFor, findTeamFor, type Sight, sightOf} from '../sight.ts';

const byId = idParam(
  'The id or the name of the namespace; `/` in a name is `%2F`, and `%2F` alone that of names without a slash.',
);
const description = judgedBy(line(1000));
const orders = ['name', 'id', 'description', 'visibility', 'created_at'] as const;
const owners = 'Owners of its team and admins may, as far as `permissions` lets owners.';

type Context = AdministrationContext & {readonly counted: Counted};

async function show(context: Context, asker: Asker, id: string): Promise<object> {
  const sight = await sightOf(context, asker);
  const namespace = await findNamespaceFor(context, sight, id);
  const [shown] = await presentNamespaces(context, asker, sight, [namespace]);
  return shown ?? {};
}

/** Whose namespaces are on a list. */
async function teamsOfList(
  {db}: AdministrationContext,
  {roles}: Sight,
  list: 'all' | 'personal' | 'member' | 'other',
): Promise<Pick<SeenNamespaces, 'teamIds' | 'notOf'>> {
  if (list === 'all') return {};
  const own = [...roles.keys()];
  if (list === 'other') return {notOf: own};
  const teams = await findTeams(db, own);
  const isWanted = (id: string): boolean => teams.get(id)?.isPersonal === (list === 'personal');
  return {teamIds: own.filter(isWanted)};
}

/** As whoever makes one is told it. */
async function isTaken(
  context: AdministrationContext,
  account: Account,
  name: string,
): Promise<boolean> {
  if (await findNamespaceByName(context.db, name)) return true;
  const namesake = await findUserByName(context.db, name);
  if (namesake?.isRobot === false && namesake.id !== account.id) return true;
  return !account.isAdmin && !(await isFreePlace(context, account, parseRepositoryName(name)));
}

export const namespaces = (context: Context): readonly Endpoint[] => [
  endpoint({
    name: 'namespaces-list',
    method: 'get',
    path: '/namespaces',
    summary: 'List namespaces',
    who: 'account',
    rule: 'Admins see all; others those of their teams, and what is protected or public.',
    limited: true,
    query: pageQuery(orders).extend({
      list: z
        .enum(['all', 'personal', 'member', 'other'], 'must be all, personal, member or other')
        .default('all')
        .describe('Those of the team of the caller alone, of his other teams, or of none of his.'),
      name: z.string().min(1).max(255).optional().describe('Somewhere in the name.'),
    }),
    answers: {200: {description: 'A page of them.', schema: z.array(namespaceAnswer)}},
    handle: async ({ctx, asker, query}) => {
      const sight = await sightOf(context, asker);
      const listed = await teamsOfList(context, sight, query.list);
      const text = query.name?.toLowerCase();
      const wanted = {...toPage(query), ...sight.namespaces, ...listed, text};
      const {items, total} = await pageOfNamespaces(context.db, wanted);
      const shown = await presentNamespaces(context, asker, sight, items);
      return pageReply(ctx, query, {items: shown, total});
    },
  }),
  endpoint({
    name: 'team-namespaces',
    method: 'get',
    path: '/teams/:id/namespaces',
    summary: 'List the namespaces of a team',
    who: 'account',
    rule: 'Members see it, and admins.',
    params: idParam('The id or the name of the team.'),
    query: pageQuery(orders),
    answers: {200: {description: 'A page of them.', schema: z.array(namespaceAnswer)}},
    handle: async ({ctx, asker, params, query}) => {
      const sight = await sightOf(context, asker);
      const {id: teamId} = await findTeamFor(context, sight, params.id);
      const {items, total} = await pageOfNamespaces(context.db, {
        ...toPage(query),
        teamIds: [teamId],
      });
      const shown = await presentNamespaces(context, asker, sight, items);
      return pageReply(ctx, query, {items: shown, total});
    },
  }),
  endpoint({
    name: 'namespaces-validate',
    method: 'get',
    path: '/namespaces/validate',
    summary: 'Tell whether a namespace could have that name',
    who: 'account',
    query: z.strictObject({name: z.string().max(1000)}),
    answers: {
      200: {
        description: 'Whether it could, and why not.',
        schema: z.strictObject({
          valid: z.boolean(),
          messages: z.strictObject({name: z.array(z.string()).optional()}),
        }),
      },
    },
    handle: async ({asker, query: {name}}) => {
      const judged = namespaceName.safeParse(name);
      const problems = judged.success
        ? (await isTaken(context, accountOf(asker), name))
          ? ['is taken']
          : []
        : judged.error.issues.map(({message}) => message);
      const messages = problems.length === 0 ? {} : {name: problems};
      return {status: 200, body: {valid: problems.length === 0, messages}};
    },
  }),
  endpoint({
    name: 'namespaces-create',
    method: 'post',
    path: '/namespaces',
    summary: 'Make a namespace',
    who: 'person',
    rule: owners,
    wrapper: 'namespace',
    body: z.strictObject({
      name: judgedBy(namespaceName),
      team: idText.describe('The name or the id of the team that owns it.'),
      description: description.optional(),
      visibility: visibility.optional().describe('private unless given.'),
    }),
    answers: {201: {description: 'It is made.', schema: namespaceAnswer}},
    handle: async ({asker, body}) => {
      const {name: team} = await findTeamFor(context, await sightOf(context, asker), body.team);
      const {name} = await addNamespace.perform(context, accountOf(asker), {...body, team});
      return {status: 201, body: await show(context, asker, name)};
    },
  }),
  endpoint({
    name: 'namespaces-show',
    method: 'get',
    path: '/namespaces/:id',
    summary: 'Show a namespace',
    who: 'account',
    rule: 'As in the list.',
    limited: true,
    params: byId,
    edits: true,
    answers: {200: {description: 'The namespace.', schema: namespaceAnswer}},
    handle: async ({asker, params}) => ({
      status: 200,
      body: await show(context, asker, params.id),
    }),
  }),
  endpoint({
    name: 'namespaces-update',
    method: 'put',
    path: '/namespaces/:id',
    summary: 'Change a namespace',
    description: 'It keeps its name, which is a part of the names of its images.',
    who: 'person',
    rule: owners,
    params: byId,
    wrapper: 'namespace',
    edits: true,
    body: z.strictObject({
      description: description.optional(),
      visibility: visibility.optional(),
      team: idText.optional().describe('The name or the id of the team that gets it.'),
    }),
    answers: {200: {description: 'The namespace as it is now.', schema: namespaceAnswer}},
    handle: async ({ctx, asker, params, body}) => {
      const account = accountOf(asker);
      const sight = await sightOf(context, asker);
      const {id, name: plain} = await findNamespaceFor(context, sight, params.id);
      const name = namespaceTitle(plain);
      const team =
        body.team === undefined ? undefined : await findTeamFor(context, sight, body.team);
      const {description: text, visibility: seen} = body;
      const edited = await edit(ctx, context, {
        current: async (within) => show({...within, counted: context.counted}, asker, id),
        change: async (within) => {
          if (text !== undefined) {
            await describeNamespace.perform(within, account, {name, description: text});
          }
          if (seen !== undefined) {
            await setVisibility.perform(within, account, {name, visibility: seen});
          }
          if (team) await setTeam.perform(within, account, {name, team: team.name});
        },
      });
      return {status: 200, body: edited};
    },
  }),
  endpoint({
    name: 'namespaces-delete',
    method: 'delete',
    path: '/namespaces/:id',
    summary: 'Delete a namespace',
    description: 'What lies in it stays on the storage, for admins to look after.',
    who: 'person',
    rule: owners,
    params: byId,
    answers: {204: {description: 'It is gone.'}},
    handle: async ({asker, params}) => {
      const {name} = await findNamespaceFor(context, await sightOf(context, asker), params.id);
      await removeNamespace.perform(context, accountOf(asker), {name: namespaceTitle(name)});
      return {status: 204};
    },
  }),
];
