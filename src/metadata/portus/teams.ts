/** Portus' teams and who is in them. Hidden ones are what personal teams and the team of the root namespace are here. */
import {randomUUID} from 'node:crypto';
import type {Kysely, Selectable} from 'kysely';
import type {MembershipsTable, Schema, TeamsTable} from '../schema.ts';
import {personalTeamName} from '../team-name.ts';
import {insertAll} from '../batches.ts';
import type {MovedPeople, Moving} from './moving.ts';
import {teamNameFor} from './names.ts';
import type {PortusHoldings} from './holdings.ts';
import type {PortusTeam} from './records.ts';

/** Ids here, by Portus' ids. */
export type MovedTeams = ReadonlyMap<number, string>;

export async function moveTeams(
  moving: Moving,
  people: MovedPeople,
  rootTeam: string,
): Promise<MovedTeams> {
  const {db, portus, tally, ledger} = moving;
  const present = await db.selectFrom('teams').select(['id', 'name']).execute();
  const byName = new Map(present.map(({id, name}) => [name, id]));
  const ids = new Set(present.map(({id}) => id));
  const taken = new Set(present.map(({name}) => name.toLowerCase()));
  const owners = personalOwners(portus);
  const globals = new Set(
    portus.namespaces.filter(({isGlobal}) => isGlobal).map(({teamId}) => teamId),
  );
  const teams = new Map<number, string>();
  const rows: Selectable<TeamsTable>[] = [];
  for (const team of portus.teams) {
    const owner = people.get(owners.get(team.id) ?? -1);
    const own = owner && byName.get(personalTeamName(owner.name));
    const former = ledger.find('team', team.id);
    if (globals.has(team.id)) teams.set(team.id, rootTeam);
    else if (team.isHidden) {
      if (own !== undefined) teams.set(team.id, own);
    } else if (former !== undefined) {
      if (ids.has(former)) teams.set(team.id, former);
      tally.add('teams', ids.has(former) ? 'before' : 'left');
    } else {
      const row = rowOf(moving, team, taken);
      if (row === undefined) continue;
      rows.push(row);
      teams.set(team.id, row.id);
      taken.add(row.name.toLowerCase());
      ledger.note('team', team.id, row.id);
      tally.add('teams', 'taken');
    }
  }
  await insertAll(db, 'teams', rows);
  await moveMemberships(moving, people, teams);
  tellOwnerless(moving, rows, await ownedTeams(db));
  return teams;
}

/** Whose personal team a hidden team is. */
function personalOwners({users, teams, namespaces}: PortusHoldings): ReadonlyMap<number, number> {
  const owners = new Map<number, number>();
  const hidden = new Map(
    teams.filter(({isHidden}) => isHidden).map((team) => [team.name, team.id]),
  );
  const teamOf = new Map(namespaces.map(({id, teamId}) => [id, teamId]));
  for (const {id, username, namespaceId} of users) {
    const team = teamOf.get(namespaceId ?? -1) ?? hidden.get(username);
    if (team !== undefined && !owners.has(team)) owners.set(team, id);
  }
  return owners;
}

function rowOf(
  {findings, tally, now}: Moving,
  team: PortusTeam,
  taken: ReadonlySet<string>,
): Selectable<TeamsTable> | undefined {
  const name = teamNameFor(team.name, team.id, (each) => !taken.has(each.toLowerCase()));
  if (name === undefined) {
    findings.add('team-name', team.name);
    tally.add('teams', 'left');
    return undefined;
  }
  if (name !== team.name) findings.add('team-name', `${team.name} -> ${name}`);
  return {
    id: randomUUID(),
    name,
    description: team.description,
    is_personal: 0,
    is_synced: Number(!team.isUnsynced),
    created_at: team.createdAt ?? now,
  };
}

async function moveMemberships(
  {db, portus, findings, tally, ledger, now}: Moving,
  people: MovedPeople,
  teams: MovedTeams,
): Promise<void> {
  const present = await db.selectFrom('memberships').select(['team_id', 'user_id']).execute();
  const keys = new Set(present.map(({team_id, user_id}) => `${team_id} ${user_id}`));
  const names = new Map(portus.teams.map(({id, name}) => [id, name]));
  const rows: Selectable<MembershipsTable>[] = [];
  for (const {id, userId, teamId, role, createdAt} of portus.memberships) {
    const [team, person] = [teams.get(teamId), people.get(userId)];
    if (ledger.find('membership', id) !== undefined) tally.add('memberships', 'before');
    else if (team === undefined || person === undefined || role === undefined) {
      tally.add('memberships', 'left');
      findings.add('membership', `${person?.name ?? userId} in ${names.get(teamId) ?? teamId}`);
    } else {
      ledger.note('membership', id);
      const key = `${team} ${person.id}`;
      tally.add('memberships', keys.has(key) ? 'before' : 'taken');
      if (keys.has(key)) continue;
      keys.add(key);
      rows.push({
        team_id: team,
        user_id: person.id,
        role,
        source: null,
        created_at: createdAt ?? now,
      });
    }
  }
  await insertAll(db, 'memberships', rows);
}

async function ownedTeams(db: Kysely<Schema>): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('memberships')
    .select('team_id')
    .distinct()
    .where('role', '=', 'owner')
    .execute();
  return new Set(rows.map(({team_id}) => team_id));
}

function tellOwnerless(
  {findings}: Moving,
  rows: readonly Selectable<TeamsTable>[],
  owned: ReadonlySet<string>,
): void {
  for (const {id, name} of rows) if (!owned.has(id)) findings.add('team-ownerless', name);
}
