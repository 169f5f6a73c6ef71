/** Teams: listed, made, shown, changed and deleted. */
import {z} from 'zod';
import {line, teamName} from '../../../auth/administration/fields.ts';
import {changeTeam, setTeamSync} from '../../../auth/administration/team-settings.ts';
import {addTeam, removeTeam} from '../../../auth/administration/teams.ts';
import type {AdministrationContext} from '../../../auth/administration/context.ts';
import {findTeamByName} from '../../../metadata/teams.ts';
import {pageOfTeams} from '../../../metadata/team-pages.ts';
import type {Asker} from '../asker.ts';
import {edit} from '../edit.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, idParam, idText, judgedBy, unknown} from '../fields.ts';
import {findAnyUser} from '../find-user.ts';
import {flag, pageQuery, pageReply, toPage} from '../pages.ts';
import type {PeopleOptions} from '../people.ts';
import {presentTeams, teamAnswer} from '../present-team.ts';
import {findTeamFor, sightOf} from '../sight.ts';

const byId = idParam('The id or the name of the team.');
const description = judgedBy(line(1000));
const owners = 'Owners of the team and admins may, as far as `permissions` lets owners.';

/** As the asker is shown it now. */
async function showTeam(context: AdministrationContext, asker: Asker, id: string): Promise<object> {
  const sight = await sightOf(context, asker);
  const team = await findTeamFor(context, sight, id);
  const [shown] = await presentTeams(context, asker, sight, [team]);
  return shown ?? {};
}

export const teams = ({context}: PeopleOptions): readonly Endpoint[] => [
  endpoint({
    name: 'teams-list',
    method: 'get',
    path: '/teams',
    summary: 'List teams',
    who: 'account',
    rule: 'Admins see all, others their own; personal teams are not listed.',
    query: pageQuery(['name', 'id', 'description', 'created_at']).extend({
      list: z
        .enum(['all', 'member', 'other'], 'must be all, member or other')
        .default('all')
        .describe('Those that the caller is in alone, or, for admins, those that he is not in.'),
      name: z.string().min(1).max(255).optional().describe('Somewhere in the name.'),
    }),
    answers: {200: {description: 'A page of them.', schema: z.array(teamAnswer)}},
    handle: async ({ctx, asker, query}) => {
      const sight = await sightOf(context, asker);
      const own = [...sight.roles.keys()];
      const {items, total} = await pageOfTeams(context.db, {
        ...toPage(query),
        ids: sight.seesAll && query.list !== 'member' ? undefined : own,
        notIds: query.list === 'other' ? own : undefined,
        text: query.name,
      });
      const shown = await presentTeams(context, asker, sight, items);
      return pageReply(ctx, query, {items: shown, total});
    },
  }),
  endpoint({
    name: 'teams-create',
    method: 'post',
    path: '/teams',
    summary: 'Make a team',
    who: 'person',
    rule: 'People own the team that they make; admins may name another owner.',
    wrapper: 'team',
    body: z.strictObject({
      name: judgedBy(teamName),
      description: description.optional(),
      owner_id: idText.optional().describe('The id or the name of its owner; you, unless given.'),
    }),
    answers: {201: {description: 'It is made.', schema: teamAnswer}},
    handle: async ({asker, body}) => {
      const account = accountOf(asker);
      const {owner_id: owner, ...fields} = body;
      const named = owner === undefined ? account : await findAnyUser(context.db, owner);
      // Who is there is told to admins alone.
      if (!named && account.isAdmin) throw unknown('user');
      const input = {...fields, owner: named?.name ?? owner};
      const {name} = await addTeam.perform(context, account, input);
      const made = await findTeamByName(context.db, name);
      if (!made) throw unknown('team');
      const [shown] = await presentTeams(context, asker, await sightOf(context, asker), [made]);
      return {status: 201, body: shown};
    },
  }),
  endpoint({
    name: 'teams-show',
    method: 'get',
    path: '/teams/:id',
    summary: 'Show a team',
    who: 'account',
    rule: 'Members see it, and admins.',
    params: byId,
    edits: true,
    answers: {200: {description: 'The team.', schema: teamAnswer}},
    handle: async ({asker, params}) => ({
      status: 200,
      body: await showTeam(context, asker, params.id),
    }),
  }),
  endpoint({
    name: 'teams-update',
    method: 'put',
    path: '/teams/:id',
    summary: 'Change a team',
    who: 'person',
    rule: owners,
    params: byId,
    wrapper: 'team',
    edits: true,
    body: z.strictObject({
      name: judgedBy(teamName).optional(),
      description: description.optional(),
      ldap_synced: z.boolean().optional(),
    }),
    answers: {200: {description: 'The team as it is now.', schema: teamAnswer}},
    handle: async ({ctx, asker, params, body}) => {
      const account = accountOf(asker);
      const {id, name} = await findTeamFor(context, await sightOf(context, asker), params.id);
      const {name: newName, description: text, ldap_synced: isSynced} = body;
      const edited = await edit(ctx, context, {
        current: async (within) => showTeam(within, asker, id),
        change: async (within) => {
          if (isSynced !== undefined) await setTeamSync.perform(within, account, {name, isSynced});
          await changeTeam.perform(within, account, {
            name,
            description: text,
            ...(newName === name ? {} : {newName}),
          });
        },
      });
      return {status: 200, body: edited};
    },
  }),
  endpoint({
    name: 'teams-delete',
    method: 'delete',
    path: '/teams/:id',
    summary: 'Delete a team with its robots',
    description: 'A team that has namespaces goes only with `new_team`, which gets them.',
    who: 'person',
    rule: owners,
    params: byId,
    query: z.strictObject({
      new_team: idText
        .optional()
        .describe('The id or the name of the team that gets its namespaces.'),
    }),
    answers: {204: {description: 'It is gone.'}},
    handle: async ({asker, params, query}) => {
      const sight = await sightOf(context, asker);
      const {name} = await findTeamFor(context, sight, params.id);
      const heir = query.new_team;
      const namespacesTo =
        heir === undefined ? undefined : (await findTeamFor(context, sight, heir)).name;
      await removeTeam.perform(context, accountOf(asker), {name, namespacesTo});
      return {status: 204};
    },
  }),
  endpoint({
    name: 'teams-ldap-check',
    method: 'post',
    path: '/teams/:id/ldap_check',
    summary: 'Switch off, or on, that groups of a directory decide who is in a team',
    who: 'person',
    rule: owners,
    params: byId,
    query: z.strictObject({
      synced: flag
        .prefault('false')
        .meta({type: 'boolean', default: false, description: 'Off unless this is true.'}),
    }),
    answers: {200: {description: 'The team as it is now.', schema: teamAnswer}},
    handle: async ({asker, params, query: {synced}}) => {
      const {id, name} = await findTeamFor(context, await sightOf(context, asker), params.id);
      await setTeamSync.perform(context, accountOf(asker), {name, isSynced: synced});
      return {status: 200, body: await showTeam(context, asker, id)};
    },
  }),
];
