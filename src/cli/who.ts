/** Who somebody would be here by what a provider says of him. */
import type {Command} from 'commander';
import {listAllTeams} from '../auth/administration/teams.ts';
import type {Identity} from '../auth/ports.ts';
import {ConfigError} from '../config/fault.ts';
import {quoted} from '../config/tree-check.ts';
import {MetadataError} from '../metadata/metadata-error.ts';
import {nearestUserName} from '../oci/user-name.ts';
import {administer} from './administration.ts';
import {Failure} from './failure.ts';
import {everyPage, print, properties, yes} from './output.ts';
import type {Printing} from './verb.ts';

/** A sentence for each thing he would be. */
export async function printWho(
  identity: Identity,
  options: Printing,
  command: Command,
): Promise<void> {
  const teams = await teamsHere(command, identity);
  print(identity, options, () => properties(rowsOf(identity, teams)));
}

/** Names of teams, where a server or a database can be asked: without one the login is tested all the same. */
async function teamsHere(
  command: Command,
  {teams = []}: Identity,
): Promise<ReadonlySet<string> | undefined> {
  if (teams.length === 0) return undefined;
  try {
    const all = await everyPage(async (page) => {
      const {teams: items, next} = await administer(command, listAllTeams, page);
      return {items, next};
    });
    return new Set(all.map(({name}) => name));
  } catch (error) {
    if (error instanceof Failure || error instanceof MetadataError || error instanceof ConfigError)
      return undefined;
    throw error;
  }
}

const rowsOf = (
  {username, nameSuffix, subject, email, displayName, isAdmin, teams}: Identity,
  present: ReadonlySet<string> | undefined,
) =>
  [
    ['user', username],
    // With a suffix it may be another: what is free is found at the first login.
    ['account', nameSuffix === undefined ? nearestUserName(username) : undefined],
    ['subject', subject],
    ['name', displayName],
    ['e-mail', email],
    ['admin', isAdmin === undefined ? 'as it is here' : yes(isAdmin)],
    ['teams', teams?.map((each) => teamOf(each, present)).join(', ')],
  ] as const;

const teamOf = (
  {team, role}: {readonly team: string; readonly role: string},
  present: ReadonlySet<string> | undefined,
): string =>
  present?.has(team) === false
    ? `${team} (${role}; there is no such team here yet: holdfast team create ${quoted(team)} --owner NAME)`
    : `${team} (${role})`;
