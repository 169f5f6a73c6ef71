/** Portus' namespaces: the part of a name before its first slash, and the global one of names without a slash. */
import {randomUUID} from 'node:crypto';
import type {Selectable} from 'kysely';
import {isRepositoryName} from '../../oci/name.ts';
import type {NamespacesTable} from '../schema.ts';
import {personalTeamName} from '../team-name.ts';
import type {Visibility} from '../words.ts';
import {insertAll} from '../batches.ts';
import type {MovedPeople, Moving} from './moving.ts';
import type {PortusNamespace} from './records.ts';
import type {MovedTeams} from './teams.ts';

interface MovedNamespace {
  readonly id: string;
  /** Empty: the root namespace. */
  readonly name: string;
}

/** By Portus' ids. */
export type MovedNamespaces = ReadonlyMap<number, MovedNamespace>;

/** What is here: the namespaces, and the root one apart. */
interface Present extends MovedNamespace {
  readonly teamId: string;
}

export async function moveNamespaces(
  moving: Moving,
  people: MovedPeople,
  teams: MovedTeams,
  root: Present,
): Promise<MovedNamespaces> {
  const {db, portus, ledger, tally, findings} = moving;
  const rowsHere = await db.selectFrom('namespaces').select(['id', 'name', 'team_id']).execute();
  const byName = new Map<string, Present>(
    rowsHere.map(({id, name, team_id: teamId}) => [name, {id, name, teamId}]),
  );
  const byId = new Map([...byName.values()].map((namespace) => [namespace.id, namespace]));
  const moved = new Map<number, MovedNamespace>();
  const rows: Selectable<NamespacesTable>[] = [];
  for (const namespace of portus.namespaces) {
    const {id, name, isGlobal} = namespace;
    const former = ledger.find('namespace', id);
    if (former !== undefined) {
      const known = byId.get(former);
      if (known) moved.set(id, known);
      tally.add('namespaces', known ? 'before' : 'left');
    } else if (isGlobal) {
      await describeRoot(moving, namespace, root.id);
      moved.set(id, root);
      ledger.note('namespace', id, root.id);
      tally.add('namespaces', 'taken');
    } else if (!isRepositoryName(name) || name.includes('/')) {
      tally.add('namespaces', 'left');
      findings.add('namespace-name', name);
    } else {
      const teamId = teams.get(namespace.teamId ?? -1) ?? root.teamId;
      const other = byName.get(name);
      // Of a personal namespace that an account here has already, nothing has to be made.
      if (other && (other.teamId !== teamId || teamId === root.teamId)) {
        tally.add('namespaces', 'left');
        findings.add('namespace-clash', name);
        continue;
      }
      if (!teams.has(namespace.teamId ?? -1)) findings.add('namespace-ownerless', name);
      const row = other ? undefined : rowOf(moving, namespace, teamId);
      const here = other ?? {id: row?.id ?? '', name, teamId};
      if (row) rows.push(row);
      byName.set(name, here);
      moved.set(id, here);
      ledger.note('namespace', id, here.id);
      tally.add('namespaces', other ? 'before' : 'taken');
    }
  }
  await insertAll(db, 'namespaces', rows);
  await addPersonal(moving, people, byName);
  return moved;
}

function visibilityOf({findings}: Moving, {name, visibility}: PortusNamespace): Visibility {
  if (visibility === undefined) findings.add('visibility', name);
  return visibility ?? 'private';
}

function rowOf(
  moving: Moving,
  namespace: PortusNamespace,
  teamId: string,
): Selectable<NamespacesTable> {
  return {
    id: randomUUID(),
    name: namespace.name,
    team_id: teamId,
    visibility: visibilityOf(moving, namespace),
    description: namespace.description,
    created_at: namespace.createdAt ?? moving.now,
  };
}

async function describeRoot(moving: Moving, namespace: PortusNamespace, id: string): Promise<void> {
  const {db, findings} = moving;
  const {visibility = 'private', description} = namespace;
  if (visibility === 'private') findings.count('root-protected', 1);
  await db
    .updateTable('namespaces')
    .set({visibility: visibility === 'private' ? 'protected' : visibility, description})
    .where('id', '=', id)
    .execute();
}

/** Each account has the namespace of its name; Portus may have called it otherwise. */
async function addPersonal(
  {db, now}: Moving,
  people: MovedPeople,
  byName: ReadonlyMap<string, Present>,
): Promise<void> {
  const personal = await db
    .selectFrom('teams')
    .select(['id', 'name'])
    .where('is_personal', '=', 1)
    .execute();
  const teamByName = new Map(personal.map(({id, name}) => [name, id]));
  const rows: Selectable<NamespacesTable>[] = [];
  for (const {name} of people.values()) {
    const teamId = teamByName.get(personalTeamName(name));
    if (teamId === undefined || byName.has(name)) continue;
    const common = {visibility: 'private', description: '', created_at: now} as const;
    rows.push({...common, id: randomUUID(), name, team_id: teamId});
  }
  await insertAll(db, 'namespaces', rows);
}
