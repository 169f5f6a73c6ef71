/** Who belongs to a team. */
import {z} from 'zod';
import type {AdministrationContext} from '../../../auth/administration/context.ts';
import {
  addTeamMember,
  removeTeamMember,
  setMemberRole,
} from '../../../auth/administration/team-members.ts';
import {findMember, pageOfMembers, type ShownMember} from '../../../metadata/member-pages.ts';
import type {Team} from '../../../metadata/teams.ts';
import type {Asker} from '../asker.ts';
import {edit} from '../edit.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, idParam, idText, unknown} from '../fields.ts';
import {findAnyUser} from '../find-user.ts';
import {pageQuery, pageReply, toPage} from '../pages.ts';
import type {PeopleOptions} from '../people.ts';
import {memberAnswer, presentMember, role} from '../present-team.ts';
import {findTeamFor, sightOf} from '../sight.ts';

const ofTeam = idParam('The id or the name of the team.');
const ofMember = ofTeam.extend({
  member_id: idText.describe('The id of the member, or the name of the account.'),
});
const owners = 'Owners of the team and admins may, where `permissions.manageTeams` lets owners.';

async function teamFor(context: AdministrationContext, asker: Asker, id: string): Promise<Team> {
  return findTeamFor(context, await sightOf(context, asker), id);
}

async function memberOf({db}: AdministrationContext, team: Team, id: string): Promise<ShownMember> {
  const user = await findAnyUser(db, id);
  const member = user && (await findMember(db, {teamId: team.id, userId: user.id}));
  if (!member) throw unknown('member');
  return member;
}

export const members = ({context}: PeopleOptions): readonly Endpoint[] => [
  endpoint({
    name: 'members-list',
    method: 'get',
    path: '/teams/:id/members',
    summary: 'List the members of a team',
    who: 'account',
    rule: 'Members see it, and admins.',
    params: ofTeam,
    query: pageQuery(['username', 'role', 'created_at']),
    answers: {200: {description: 'A page of them.', schema: z.array(memberAnswer)}},
    handle: async ({ctx, asker, params, query}) => {
      const team = await teamFor(context, asker, params.id);
      const {items, total} = await pageOfMembers(context.db, {...toPage(query), teamId: team.id});
      const shown = items.map((each) => presentMember(team, each));
      return pageReply(ctx, query, {items: shown, total});
    },
  }),
  endpoint({
    name: 'members-add',
    method: 'post',
    path: '/teams/:id/members',
    summary: 'Take an account into a team',
    who: 'person',
    rule: owners,
    params: ofTeam,
    body: z.strictObject({
      user: idText.describe('The name or the id of the account.'),
      role,
    }),
    answers: {201: {description: 'It belongs to the team now.', schema: memberAnswer}},
    handle: async ({asker, params, body}) => {
      const team = await teamFor(context, asker, params.id);
      const name = (await findAnyUser(context.db, body.user))?.name ?? body.user;
      const input = {team: team.name, user: name, role: body.role};
      await addTeamMember.perform(context, accountOf(asker), input);
      return {status: 201, body: presentMember(team, await memberOf(context, team, name))};
    },
  }),
  endpoint({
    name: 'members-show',
    method: 'get',
    path: '/teams/:id/members/:member_id',
    summary: 'Show a member of a team',
    who: 'account',
    rule: 'Members see it, and admins.',
    params: ofMember,
    edits: true,
    answers: {200: {description: 'The member.', schema: memberAnswer}},
    handle: async ({asker, params}) => {
      const team = await teamFor(context, asker, params.id);
      return {
        status: 200,
        body: presentMember(team, await memberOf(context, team, params.member_id)),
      };
    },
  }),
  endpoint({
    name: 'members-update',
    method: 'put',
    path: '/teams/:id/members/:member_id',
    summary: 'Change the role of a member',
    who: 'person',
    rule: owners,
    params: ofMember,
    edits: true,
    body: z.strictObject({role}),
    answers: {200: {description: 'The member as it is now.', schema: memberAnswer}},
    handle: async ({ctx, asker, params, body}) => {
      const team = await teamFor(context, asker, params.id);
      const {userId, userName: user} = await memberOf(context, team, params.member_id);
      const edited = await edit(ctx, context, {
        current: async (within) => presentMember(team, await memberOf(within, team, userId)),
        change: async (within) =>
          setMemberRole.perform(within, accountOf(asker), {
            team: team.name,
            user,
            role: body.role,
          }),
      });
      return {status: 200, body: edited};
    },
  }),
  endpoint({
    name: 'members-remove',
    method: 'delete',
    path: '/teams/:id/members/:member_id',
    summary: 'Take an account out of a team',
    who: 'person',
    rule: owners,
    params: ofMember,
    answers: {204: {description: 'It does not belong to the team any more.'}},
    handle: async ({asker, params}) => {
      const team = await teamFor(context, asker, params.id);
      const {userName: user} = await memberOf(context, team, params.member_id);
      await removeTeamMember.perform(context, accountOf(asker), {team: team.name, user});
      return {status: 204};
    },
  }),
];
