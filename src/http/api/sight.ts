/** What of teams and namespaces a caller may see: what he belongs to, and what is open to accounts; an admin, all. */
import type {AdministrationContext} from '../../auth/administration/context.ts';
import {factSources} from '../../auth/fact-sources.ts';
import {rolesOf} from '../../auth/facts.ts';
import {isRuler} from '../../auth/repository-rights.ts';
import type {SeenNamespaces} from '../../metadata/namespace-pages.ts';
import {findNamespace, findNamespaceByName, type Namespace} from '../../metadata/namespaces.ts';
import {findTeam, findTeamByName, type Team} from '../../metadata/teams.ts';
import type {Role} from '../../metadata/words.ts';
import {liesIn} from '../../oci/owning-namespace.ts';
import type {Asker} from './asker.ts';
import {accountOf, unknown} from './fields.ts';

export interface Sight {
  readonly seesAll: boolean;
  /** Of the caller, by the id of the team. */
  readonly roles: ReadonlyMap<string, Role>;
  readonly namespaces: SeenNamespaces;
}

export async function sightOf(
  {db, config, isOccupied}: AdministrationContext,
  asker: Asker,
): Promise<Sight> {
  const account = accountOf(asker);
  const roles = await rolesOf(factSources(db, isOccupied), account);
  const seesAll = isRuler(account);
  const isOpen = config.namespaces.policy === 'teams';
  return {
    seesAll,
    roles,
    namespaces: {
      anyOf: seesAll
        ? undefined
        : {teamIds: [...roles.keys()], visibilities: isOpen ? ['protected', 'public'] : []},
      within: account.limits?.namespaces,
    },
  };
}

/** By its id or its name; throws an ApiError `unknown`, for what he may not see too. */
export async function findTeamFor(
  {db}: AdministrationContext,
  {seesAll, roles}: Sight,
  text: string,
): Promise<Team> {
  const team = (await findTeam(db, text)) ?? (await findTeamByName(db, text));
  if (!team || !(seesAll || roles.has(team.id))) throw unknown('team');
  return team;
}

/** By its id or its name, `/` for that of names without a slash; throws an ApiError `unknown`, for what he may not see too. */
export async function findNamespaceFor(
  {db}: AdministrationContext,
  {namespaces}: Sight,
  text: string,
): Promise<Namespace> {
  const found =
    (await findNamespace(db, text)) ?? (await findNamespaceByName(db, text === '/' ? '' : text));
  if (!found || !isSeen(namespaces, found)) throw unknown('namespace');
  return found;
}

function isSeen({anyOf, within}: SeenNamespaces, {name, teamId, visibility}: Namespace): boolean {
  if (within?.some((each) => each === name || (each !== '' && liesIn(each, name))) === false) {
    return false;
  }
  return !anyOf || anyOf.teamIds.includes(teamId) || anyOf.visibilities.includes(visibility);
}
