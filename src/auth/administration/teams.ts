/** Operations on teams and their members. */
import {z} from 'zod';
import {
  addMember,
  changeRole,
  findRole,
  listMembers,
  removeMember,
} from '../../metadata/memberships.ts';
import {listNamespaces} from '../../metadata/namespaces.ts';
import type {Page} from '../../metadata/page.ts';
import {changing} from '../../metadata/revisions.ts';
import {type Team, createTeam, deleteTeam, findNamesake, listTeams} from '../../metadata/teams.ts';
import {raiseGeneration} from '../../metadata/users.ts';
import {roles} from '../../metadata/words.ts';
import type {Account} from '../caller.ts';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';
import {after, anyTeamName, line, role, teamName, time, timeText, userName} from './fields.ts';
import {requirePerson, requireTeam, requireUser} from './find.ts';
import {UnknownName} from './unknown-name.ts';
import {namespaceTitle} from './namespace-title.ts';
import {operation} from './operation.ts';
import {ownsTeam} from './ownership.ts';

const pageLength = 500;

export const teamAnswer = z.object({
  name: z.string(),
  description: z.string(),
  isPersonal: z.boolean(),
  isSynced: z.boolean(),
  createdAt: time,
});

export const toTeamAnswer = ({name, description, isPersonal, isSynced, createdAt}: Team) => ({
  name,
  description,
  isPersonal,
  isSynced,
  createdAt: timeText(createdAt),
});

const mayManage = ownsTeam('manageTeams');
export const managing =
  'only its owners may do that, where permissions.manageTeams lets them, and admins';

/** Of members. */
const byOwners = {
  isOwn: async (
    account: Account,
    {team}: {readonly team: string},
    context: AdministrationContext,
  ) => mayManage(context, account, team),
  denial: managing,
};

const memberAnswer = z.object({team: z.string(), user: z.string(), role: role.optional()});

export const addTeam = operation(
  'team create',
  {
    input: z.strictObject({
      name: teamName,
      /** A person. */
      owner: userName,
      description: line(1000).optional(),
    }),
    output: teamAnswer,
    isOwn: ({name: own}, {owner}, {config}) => config.permissions.createTeams && owner === own,
    denial: 'people may make teams of their own alone, where permissions.createTeams lets them',
  },
  async ({db, now, onChange}, {name, owner, description}) => {
    const {id: ownerId} = await requirePerson(db, owner);
    const team = await createTeam(db, {name, ownerId, description, now: now().getTime()});
    if (team === 'unknown-user') throw new UnknownName('user', owner);
    if (team === 'taken') {
      throw new AdministrationError('taken', `there is a team ${name} already`);
    }
    if (team === 'namesake') {
      const namesake = (await findNamesake(db, name)) ?? '';
      throw new AdministrationError(
        'taken',
        `there is a team ${namesake} already, whose name differs in capitals alone: take another name`,
      );
    }
    onChange();
    return toTeamAnswer(team);
  },
);

export const listAllTeams = operation(
  'team list',
  {
    input: z.strictObject({after}),
    output: z.object({teams: z.array(teamAnswer), next: z.string().optional()}),
  },
  async ({db}, page) => {
    const teams = await listTeams(db, {...page, limit: pageLength});
    const next = teams.length === pageLength ? teams.at(-1)?.name : undefined;
    return {teams: teams.map(toTeamAnswer), ...(next === undefined ? {} : {next})};
  },
);

export const showTeam = operation(
  'team show',
  {
    input: z.strictObject({name: anyTeamName}),
    output: teamAnswer.extend({
      members: z.array(z.object({name: z.string(), isRobot: z.boolean(), role})),
      namespaces: z.array(z.string()),
    }),
  },
  async ({db}, {name}) => {
    const team = await requireTeam(db, name);
    const members = await everyPage(
      async (page) => listMembers(db, {...page, teamId: team.id}),
      ({userName: last}) => last,
    );
    const anyOf = {teamIds: [team.id], visibilities: []};
    const namespaces = await everyPage(
      async (page) => listNamespaces(db, {...page, anyOf}),
      ({name: last}) => last,
    );
    return {
      ...toTeamAnswer(team),
      members: members.map(({userName: member, isRobot, role: held}) => ({
        name: member,
        isRobot,
        role: held,
      })),
      namespaces: namespaces.map((each) => namespaceTitle(each.name)),
    };
  },
);

/** The tables give a list in pages, each after the last name of the one before. */
async function everyPage<T>(
  read: (page: Page) => Promise<readonly T[]>,
  nameOf: (item: T) => string,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await read({limit: pageLength, after: last && nameOf(last)});
    all.push(...page);
    if (page.length < pageLength) return all;
  }
}

/** With its robots. */
export const removeTeam = operation(
  'team delete',
  {
    input: z.strictObject({name: anyTeamName, namespacesTo: anyTeamName.optional()}),
    output: teamAnswer,
    isOwn: async (account, {name, namespacesTo}, context) =>
      (await mayManage(context, account, name)) &&
      (namespacesTo === undefined || (await mayManage(context, account, namespacesTo))),
    denial: managing,
  },
  async ({db, onChange}, {name, namespacesTo}) => {
    const team = await requireTeam(db, name);
    const heir = namespacesTo === undefined ? undefined : await requireTeam(db, namespacesTo);
    const outcome = await deleteTeam(db, {id: team.id, namespacesTo: heir?.id});
    switch (outcome) {
      case 'unknown':
        throw new UnknownName('team', name);
      case 'unknown-team':
        throw new AdministrationError(
          'refused',
          'its namespaces must go to a team that stays: name another one',
        );
      case 'personal':
        throw new AdministrationError('refused', 'a personal team goes with its user alone');
      case 'has-namespaces':
        throw new AdministrationError(
          'refused',
          `the team ${name} has namespaces: name a team that gets them`,
        );
      case 'done':
        onChange();
        return toTeamAnswer(team);
    }
  },
);

const member = z.strictObject({team: anyTeamName, user: userName});

export const addTeamMember = operation(
  'team add-member',
  {input: member.extend({role}), output: memberAnswer, ...byOwners},
  async ({db, now, onChange}, {team: name, user: person, role: given}) => {
    const [team, user] = [await requireTeam(db, name), await requireUser(db, person)];
    const key = {teamId: team.id, userId: user.id};
    const outcome = await addMember(db, {...key, role: given, now: now().getTime()});
    if (outcome === 'unknown-team') throw new UnknownName('team', name);
    if (outcome === 'unknown-user') throw new UnknownName('user', person);
    if (outcome === 'taken') {
      throw new AdministrationError('taken', `${person} is a member of ${name} already`);
    }
    onChange();
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
export const setMemberRole = operation(
  'team set-role',
  {input: member.extend({role}), output: memberAnswer, ...byOwners},
  async ({db, now, onChange}, {team: name, user: person, role: given}) => {
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
    onChange();
    return {team: team.name, user: user.name, role: given};
  },
);

/** Ends what was issued to the member before. */
export const removeTeamMember = operation(
  'team remove-member',
  {input: member, output: memberAnswer, ...byOwners},
  async ({db, now, onChange}, {team: name, user: person}) => {
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
    onChange();
    return {team: team.name, user: user.name};
  },
);
