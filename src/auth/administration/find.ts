/** Who is meant by a name; where nobody is, who may have been. */
import {nearest} from '../../config/nearest.ts';
import type {Database} from '../../metadata/database.ts';
import {findNamespaceByName, listNamespaces} from '../../metadata/namespaces.ts';
import type {Namespace} from '../../metadata/namespaces.ts';
import {type Team, findTeamByName, listTeams} from '../../metadata/teams.ts';
import {type User, findUserByName, listUsers} from '../../metadata/users.ts';
import {AdministrationError} from './administration-error.ts';

type Db = Database['db'];

/** So many names are compared with a wrong one. */
const limit = 1000;

export async function requireUser(db: Db, name: string): Promise<User> {
  const found = await findUserByName(db, name);
  if (found) return found;
  return unknown('user', name, await listUsers(db, {limit}));
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
  return unknown('robot', name, await listUsers(db, {limit, isRobot: true}));
}

export async function requireTeam(db: Db, name: string): Promise<Team> {
  const found = await findTeamByName(db, name);
  if (found) return found;
  return unknown('team', name, await listTeams(db, {limit}));
}

export async function requireNamespace(db: Db, name: string): Promise<Namespace> {
  const found = await findNamespaceByName(db, name);
  if (found) return found;
  return unknown('namespace', name, await listNamespaces(db, {limit}));
}

export function unknown(
  noun: string,
  name: string,
  known: readonly {readonly name: string}[],
): never {
  const meant = nearest(
    name,
    known.map((each) => each.name),
  );
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new AdministrationError('unknown', `there is no ${noun} ${name}${hint}`);
}
