/** Operations on the members of teams. */
import {z} from 'zod';
import {addMember, changeRole, findRole, removeMember} from '../../metadata/memberships.ts';
import {changing} from '../../metadata/revisions.ts';
import {raiseGeneration} from '../../metadata/users.ts';
import {roles} from '../../metadata/words.ts';
import type {Account} from '../caller.ts';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';
import {anyTeamName, role, userName} from './fields.ts';
import {requireTeam, requireUser} from './find.ts';
import {change} from './operation.ts';
import {ownsTeam} from './ownership.ts';
import type {About} from './record.ts';
import {managing} from './teams.ts';
import {UnknownName} from './unknown-name.ts';

const mayManage = ownsTeam('manageTeams');

/** Of members. */
const byOwners = {
  isOwn: async (
    account: Account,
    {team}: {readonly team: string},
    context: AdministrationContext,
  ) => mayManage(context, account, team),
  denial: managing,
};

const ofMember = ({team, user}: {readonly team: string; readonly user: string}): About => ({
  subject: team,
  team,
  account: user,
});

const memberAnswer = z.object({team: z.string(), user: z.string(), role: role.optional()});

const member = z.strictObject({team: anyTeamName, user: userName});

export const addTeamMember = change(
  'team add-member',
  {
    input: member.extend({role}),
    output: memberAnswer,
    ...byOwners,
    records: {
      key: 'team.add_member',
      about: ofMember,
      details: ({user, role: given}) => ({new_user: user, role: given}),
    },
  },
  async ({db, now}, {team: name, user: person, role: given}) => {
    const [team, user] = [await requireTeam(db, name), await requireUser(db, person)];
    const key = {teamId: team.id, userId: user.id};
    const outcome = await addMember(db, {...key, role: given, now: now().getTime()});
    if (outcome === 'unknown-team') throw new UnknownName('team', name);
    if (outcome === 'unknown-user') throw new UnknownName('user', person);
    if (outcome === 'taken') {
      throw new AdministrationError('taken', `${person} is a member of ${name} already`);
    }
    return {team: team.name, user: user.name, role: given};
  },
);

const lastOwner = (user: string, team: string): AdministrationError =>
  new AdministrationError(
    'refused',
    `${user} is the last owner of ${team}: make another member owner first`,
  );

const noMember = (user: string, team: string): AdministrationError =>
  new AdministrationError('unknown', `${user} is no member of ${team}`);

/** A lower role ends what was issued to the member before. */
export const setMemberRole = change(
  'team set-role',
  {
    input: member.extend({role}),
    output: memberAnswer,
    ...byOwners,
    records: {
      key: 'team.change_member_role',
      about: ofMember,
      details: async ({user, role: given}, {team, account}, db) => ({
        target_user: user,
        new_role: given,
        old_role: team && account && (await findRole(db, {teamId: team.id, userId: account.id})),
      }),
    },
  },
  async ({db, now}, {team: name, user: person, role: given}) => {
    const [team, user] = [await requireTeam(db, name), await requireUser(db, person)];
    const key = {teamId: team.id, userId: user.id};
    const outcome = await changing(db, async (turn) => {
      const former = await findRole(turn, key);
      const changed = await changeRole(turn, {...key, role: given});
      const isLower = former !== undefined && roles.indexOf(given) < roles.indexOf(former);
      if (changed === 'done' && isLower) {
        await raiseGeneration(turn, {id: user.id, now: now().getTime()});
      }
      return changed;
    });
    if (outcome === 'unknown') throw noMember(person, name);
    if (outcome === 'last-owner') throw lastOwner(person, name);
    return {team: team.name, user: user.name, role: given};
  },
);

/** Ends what was issued to the member before. */
export const removeTeamMember = change(
  'team remove-member',
  {
    input: member,
    output: memberAnswer,
    ...byOwners,
    records: {
      key: 'team.remove_member',
      about: ofMember,
      details: async ({user}, {team, account}, db) => ({
        removed_user: user,
        role: team && account && (await findRole(db, {teamId: team.id, userId: account.id})),
      }),
    },
  },
  async ({db, now}, {team: name, user: person}) => {
    const [team, user] = [await requireTeam(db, name), await requireUser(db, person)];
    if (user.isRobot && user.teamId === team.id) {
      throw new AdministrationError(
        'refused',
        `the robot ${person} belongs to ${name}: delete it instead`,
      );
    }
    const outcome = await changing(db, async (turn) => {
      const removed = await removeMember(turn, {teamId: team.id, userId: user.id});
      if (removed === 'done') await raiseGeneration(turn, {id: user.id, now: now().getTime()});
      return removed;
    });
    if (outcome === 'unknown') throw noMember(person, name);
    if (outcome === 'last-owner') throw lastOwner(person, name);
    return {team: team.name, user: user.name};
  },
);
