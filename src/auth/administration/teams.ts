/** Operations on teams and their members. */
import {z} from 'zod';
import {listMembers} from '../../metadata/memberships.ts';
import {listNamespaces} from '../../metadata/namespaces.ts';
import type {Page} from '../../metadata/page.ts';
import {type Team, createTeam, deleteTeam, findNamesake, listTeams} from '../../metadata/teams.ts';
import {AdministrationError} from './administration-error.ts';
import {after, anyTeamName, line, role, teamName, time, timeText, userName} from './fields.ts';
import {requirePerson, requireTeam} from './find.ts';
import {UnknownName} from './unknown-name.ts';
import {namespaceTitle} from './namespace-title.ts';
import {change, question} from './operation.ts';
import {ownsTeam} from './ownership.ts';
import type {About} from './record.ts';

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

export const ofTeam = ({name}: {readonly name: string}): About => ({subject: name, team: name});

export const addTeam = change(
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
    records: {
      key: 'team.create',
      about: ofTeam,
      details: ({owner, description}) => ({owner, description}),
    },
  },
  async ({db, now}, {name, owner, description}) => {
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
    return toTeamAnswer(team);
  },
);

export const listAllTeams = question(
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

export const showTeam = question(
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
export const removeTeam = change(
  'team delete',
  {
    input: z.strictObject({name: anyTeamName, namespacesTo: anyTeamName.optional()}),
    output: teamAnswer,
    isOwn: async (account, {name, namespacesTo}, context) =>
      (await mayManage(context, account, name)) &&
      (namespacesTo === undefined || (await mayManage(context, account, namespacesTo))),
    denial: managing,
    records: {
      key: 'team.delete',
      about: ofTeam,
      details: ({namespacesTo}) => ({namespaces_to: namespacesTo}),
    },
  },
  async ({db}, {name, namespacesTo}) => {
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
        return toTeamAnswer(team);
    }
  },
);
