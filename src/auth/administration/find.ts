/** Who and what is meant by a name. */
import type {Database} from '../../metadata/database.ts';
import {findNamespaceByName, listNamespaces} from '../../metadata/namespaces.ts';
import type {Namespace} from '../../metadata/namespaces.ts';
import {type Team, findTeam, findTeamByName, listTeams} from '../../metadata/teams.ts';
import {type User, findUserByName, listUsers} from '../../metadata/users.ts';
import {AdministrationError} from './administration-error.ts';
import {UnknownName} from './unknown-name.ts';

type Db = Database['db'];

/** So many names are compared with a wrong one. */
const limit = 1000;

export async function requireUser(db: Db, name: string): Promise<User> {
  const found = await findUserByName(db, name);
  if (found) return found;
  throw new UnknownName('user', name, async () => listUsers(db, {limit}));
}

/** A robot is no person, nor the other way round. */
export async function requirePerson(db: Db, name: string): Promise<User> {
  const user = await requireUser(db, name);
  if (!user.isRobot) return user;
  throw new AdministrationError('refused', `${name} is a robot, and only people can do that`);
}

export async function requireRobot(db: Db, name: string): Promise<User> {
  const found = await findUserByName(db, name);
  if (found?.isRobot === true) return found;
  throw new UnknownName('robot', name, async () => listUsers(db, {limit, isRobot: true}));
}

export async function requireTeam(db: Db, name: string): Promise<Team> {
  const found = await findTeamByName(db, name);
  if (found) return found;
  throw new UnknownName('team', name, async () => listTeams(db, {limit}));
}

export async function requireNamespace(db: Db, name: string): Promise<Namespace> {
  const found = await findNamespaceByName(db, name);
  if (found) return found;
  throw new UnknownName('namespace', name, async () => listNamespaces(db, {limit}));
}

/** Of the team that has it. */
export const teamNameOf = async (db: Db, {teamId}: Pick<Namespace, 'teamId'>): Promise<string> =>
  (await findTeam(db, teamId))?.name ?? '';
