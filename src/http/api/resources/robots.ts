/** Robots: accounts of a team, for machines. */
import {z} from 'zod';
import {lifetime, line, userName} from '../../../auth/administration/fields.ts';
import {addRobot, changeRobot, removeRobot} from '../../../auth/administration/robots.ts';
import type {AdministrationContext} from '../../../auth/administration/context.ts';
import {findRole} from '../../../metadata/memberships.ts';
import {findTeams} from '../../../metadata/team-pages.ts';
import {pageOfUsers} from '../../../metadata/user-pages.ts';
import type {User} from '../../../metadata/users.ts';
import type {Asker} from '../asker.ts';
import {edit} from '../edit.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, idParam, idText, judgedBy, time, timeText, unknown} from '../fields.ts';
import {findAnyUser} from '../find-user.ts';
import {pageQuery, pageReply, toPage} from '../pages.ts';
import type {PeopleOptions} from '../people.ts';
import {role} from '../present-team.ts';
import {findNamespaceFor, findTeamFor, type Sight, sightOf} from '../sight.ts';

const byId = idParam('The id or the name of the robot.');
const owners = 'Owners of the team and admins may, where `permissions.manageTeams` lets owners.';

const robotAnswer = z
  .strictObject({
    id: z.string(),
    username: z.string(),
    description: z.string().nullable(),
    team: z.strictObject({id: z.string(), name: z.string()}),
    role: role.nullable(),
    enabled: z.boolean(),
    created_at: time,
  })
  .meta({id: 'Robot', description: 'An account of a team, which has tokens and no password.'});

async function present(
  {db}: AdministrationContext,
  robots: readonly User[],
): Promise<readonly z.output<typeof robotAnswer>[]> {
  const teams = await findTeams(db, [...new Set(robots.map(({teamId = ''}) => teamId))]);
  return Promise.all(
    robots.map(async ({id, name, displayName, teamId = '', isEnabled, createdAt}) => ({
      id,
      username: name,
      description: displayName ?? null,
      team: {id: teamId, name: teams.get(teamId)?.name ?? ''},
      role: (await findRole(db, {teamId, userId: id})) ?? null,
      enabled: isEnabled,
      created_at: timeText(createdAt),
    })),
  );
}

/** Throws an ApiError `unknown`, for what the asker may not see too. */
async function robotFor(context: AdministrationContext, asker: Asker, id: string): Promise<User> {
  const robot = await findAnyUser(context.db, id);
  const sight = await sightOf(context, asker);
  if (robot?.isRobot !== true || !isSeen(sight, robot)) throw unknown('robot');
  return robot;
}

/** As the asker is shown it now. */
async function showRobot(
  context: AdministrationContext,
  asker: Asker,
  id: string,
): Promise<object> {
  const [shown] = await present(context, [await robotFor(context, asker, id)]);
  return shown ?? {};
}

const isSeen = ({seesAll, roles}: Sight, {teamId = ''}: User): boolean =>
  seesAll || roles.has(teamId);

export const robots = ({context}: PeopleOptions): readonly Endpoint[] => [
  endpoint({
    name: 'robots-list',
    method: 'get',
    path: '/robots',
    summary: 'List robots',
    who: 'person',
    rule: 'Admins see all, others those of their teams.',
    looksUp: true,
    query: pageQuery(['username', 'id', 'enabled', 'created_at']).extend({
      team: idText.optional().describe('Those of one team: its id or its name.'),
      namespace: idText
        .optional()
        .describe('Those of the team of a namespace: its id or its name.'),
      name: z.string().min(1).max(255).optional().describe('Somewhere in the name or description.'),
    }),
    answers: {200: {description: 'A page of them.', schema: z.array(robotAnswer)}},
    handle: async ({ctx, asker, query}) => {
      const sight = await sightOf(context, asker);
      const {team, namespace} = query;
      const all = sight.seesAll ? undefined : [...sight.roles.keys()];
      let teamIds = team === undefined ? all : [(await findTeamFor(context, sight, team)).id];
      if (namespace !== undefined) {
        const {teamId} = await findNamespaceFor(context, sight, namespace);
        teamIds = !teamIds || teamIds.includes(teamId) ? [teamId] : [];
      }
      const page = {...toPage(query), isRobot: true, teamIds, text: query.name};
      const {items, total} = await pageOfUsers(context.db, page);
      return pageReply(ctx, query, {items: await present(context, items), total});
    },
  }),
  endpoint({
    name: 'robots-create',
    method: 'post',
    path: '/robots',
    summary: 'Make a robot with its first token',
    description: 'The token is shown this once.',
    who: 'person',
    rule: owners,
    body: z.strictObject({
      username: judgedBy(userName),
      team: idText.describe('The name or the id of the team that owns it.'),
      role,
      description: judgedBy(line(128)).optional(),
      expires_in: judgedBy(lifetime)
        .optional()
        .describe('How long the token counts, as 12h or 90d; for ever unless given.'),
    }),
    answers: {
      201: {
        description: 'It is made.',
        schema: robotAnswer.extend({plain_token: z.string(), expires_at: time.nullable()}),
      },
    },
    handle: async ({asker, body}) => {
      const {name: team} = await findTeamFor(context, await sightOf(context, asker), body.team);
      const {username: name, expires_in: expiresIn, role: held, description} = body;
      const input = {name, team, role: held, description, expiresIn};
      const {token, expiresAt} = await addRobot.perform(context, accountOf(asker), input);
      const [robot] = await present(context, [await robotFor(context, asker, name)]);
      return {
        status: 201,
        body: {...robot, plain_token: token, expires_at: expiresAt ?? null},
      };
    },
  }),
  endpoint({
    name: 'robots-show',
    method: 'get',
    path: '/robots/:id',
    summary: 'Show a robot',
    who: 'person',
    rule: 'As in the list.',
    params: byId,
    edits: true,
    answers: {200: {description: 'The robot.', schema: robotAnswer}},
    handle: async ({asker, params}) => ({
      status: 200,
      body: await showRobot(context, asker, params.id),
    }),
  }),
  endpoint({
    name: 'robots-update',
    method: 'put',
    path: '/robots/:id',
    summary: 'Change a robot',
    description:
      'What is left out stays as it is. Of a robot that is disabled no token counts any more, at once; they count again when it is enabled.',
    who: 'person',
    rule: owners,
    params: byId,
    edits: true,
    body: z.strictObject({
      role: role.optional(),
      description: judgedBy(line(128)).nullable().optional().describe('Null or empty: none.'),
      enabled: z.boolean().optional(),
    }),
    answers: {200: {description: 'The robot as it is now.', schema: robotAnswer}},
    handle: async ({ctx, asker, params, body}) => {
      const {id, name} = await robotFor(context, asker, params.id);
      const {role: held, description, enabled: isEnabled} = body;
      const wanted = {role: held, description: description === '' ? null : description, isEnabled};
      const edited = await edit(ctx, context, {
        current: async (within) => showRobot(within, asker, id),
        change: async (within) => changeRobot.perform(within, accountOf(asker), {name, ...wanted}),
      });
      return {status: 200, body: edited};
    },
  }),
  endpoint({
    name: 'robots-delete',
    method: 'delete',
    path: '/robots/:id',
    summary: 'Delete a robot with its tokens',
    who: 'person',
    rule: owners,
    params: byId,
    answers: {204: {description: 'It is gone.'}},
    handle: async ({asker, params}) => {
      const {name} = await robotFor(context, asker, params.id);
      await removeRobot.perform(context, accountOf(asker), {name});
      return {status: 204};
    },
  }),
];
