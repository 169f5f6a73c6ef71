/** `holdfast team ...`: teams and who belongs to them. */
import {Argument, type Command} from 'commander';
import {
  addTeamMember,
  removeTeamMember,
  setMemberRole,
} from '../auth/administration/team-members.ts';
import {addTeam, listAllTeams, removeTeam, showTeam} from '../auth/administration/teams.ts';
import {setTeamSync} from '../auth/administration/team-settings.ts';
import type {Role} from '../metadata/words.ts';
import {roles} from '../metadata/words.ts';
import {administer} from './administration.ts';
import {everyPage, moment, print, properties, table} from './output.ts';
import {confirm} from './terminal.ts';
import {type Destructive, type Printing, choice, destructiveVerb, verb} from './verb.ts';

const examples = `
Roles: a viewer pulls, a contributor pushes too, an owner deletes too and has the team.

Examples:
  holdfast team create makers --owner anna
  holdfast team add-member makers bert --role contributor
  holdfast team set-role makers bert --role owner
  holdfast team delete makers --namespaces-to others
  holdfast team set-sync makers off             a group of that name in the directory changes nothing
`;

interface CreateOptions extends Printing {
  readonly owner: string;
  readonly description?: string;
}

async function create(name: string, options: CreateOptions, command: Command): Promise<void> {
  const {owner, description} = options;
  const team = await administer(command, addTeam, {name, owner, description});
  print(team, options, () => `made the team ${team.name}, owned by ${owner}`);
}

async function list(options: Printing, command: Command): Promise<void> {
  const teams = await everyPage(async (page) => {
    const {teams: items, next} = await administer(command, listAllTeams, page);
    return {items, next};
  });
  print({teams}, options, () =>
    table(
      ['NAME', 'MADE', 'DESCRIPTION'],
      teams.map(({name, createdAt, description}) => [name, moment(createdAt), description]),
    ),
  );
}

async function show(name: string, options: Printing, command: Command): Promise<void> {
  const team = await administer(command, showTeam, {name});
  print(team, options, () => {
    const head = properties([
      ['name', team.name],
      ['description', team.description],
      ['made', moment(team.createdAt)],
      ['namespaces', team.namespaces.join(', ')],
      ['groups', team.isSynced ? undefined : 'of a directory do not count'],
    ]);
    const rows = team.members.map((each) => [
      each.name,
      each.role,
      each.isRobot ? 'robot' : 'person',
    ]);
    return `${head}\n\n${table(['MEMBER', 'ROLE', 'KIND'], rows)}`;
  });
}

async function remove(
  name: string,
  options: Destructive & {readonly namespacesTo?: string},
  command: Command,
): Promise<void> {
  const {namespacesTo} = options;
  await confirm(options, `Delete the team ${JSON.stringify(name)} with its robots?`);
  const team = await administer(command, removeTeam, {name, namespacesTo});
  print(team, options, () => `deleted the team ${team.name}`);
}

async function setSync(
  name: string,
  word: 'on' | 'off',
  options: Printing,
  command: Command,
): Promise<void> {
  const team = await administer(command, setTeamSync, {name, isSynced: word === 'on'});
  print(team, options, () =>
    team.isSynced
      ? `groups called ${team.name} decide who is in it, too`
      : `groups of a directory do not count for ${team.name}`,
  );
}

interface RoleOptions extends Printing {
  readonly role: Role;
}

/** To a new member, or to one who had another. */
const giveRole =
  (operation: typeof addTeamMember | typeof setMemberRole) =>
  async (team: string, user: string, options: RoleOptions, command: Command): Promise<void> => {
    const {role} = options;
    const given = await administer(command, operation, {team, user, role});
    print(given, options, () => `${given.user} is ${role} in ${given.team}`);
  };

async function removeMember(
  team: string,
  user: string,
  options: Destructive,
  command: Command,
): Promise<void> {
  await confirm(options, `Take ${JSON.stringify(user)} out of ${JSON.stringify(team)}?`);
  const removed = await administer(command, removeTeamMember, {team, user});
  print(removed, options, () => `${removed.user} is no member of ${removed.team} any more`);
}

export function teamCommand(team: Command): void {
  verb(team, 'create <name>', 'make a team')
    .requiredOption('--owner <user>', 'its first owner')
    .option('--description <text>', 'what it is for')
    .action(create);
  verb(team, 'list', 'list all teams').action(list);
  verb(team, 'show <name>', 'show a team with its members and namespaces').action(show);
  destructiveVerb(team, 'delete <name>', 'delete a team with its robots')
    .option('--namespaces-to <team>', 'the team that gets its namespaces')
    .action(remove);
  verb(team, 'set-sync <team>', 'whether groups of a directory decide who is in a team')
    .addArgument(new Argument('<state>').choices(['on', 'off']))
    .action(setSync);
  const role = () => choice('--role <role>', 'what the member may', roles).makeOptionMandatory();
  verb(team, 'add-member <team> <user>', 'let a user into a team')
    .addOption(role())
    .action(giveRole(addTeamMember));
  verb(team, 'set-role <team> <user>', "change a member's role")
    .addOption(role())
    .action(giveRole(setMemberRole));
  destructiveVerb(team, 'remove-member <team> <user>', 'take a user out of a team').action(
    removeMember,
  );
  team.addHelpText('after', examples);
}
