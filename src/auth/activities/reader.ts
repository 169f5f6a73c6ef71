/** Who reads activities: which of them he may see, and what of each he is told. */
import type {Config} from '../../config/schema.ts';
import type {Activity} from '../../metadata/activities.ts';
import type {ActivityFilter} from '../../metadata/activity-pages.ts';
import type {ActivitySight} from '../../metadata/activity-sight.ts';
import type {Database} from '../../metadata/database.ts';
import {listNamespaceIds} from '../../metadata/namespaces.ts';
import type {Caller} from '../caller.ts';
import {factSources, type IsOccupied} from '../fact-sources.ts';
import {rolesOf} from '../facts.ts';
import {isRuler} from '../repository-rights.ts';
import {everything, type Telling} from './shown.ts';

export interface ActivityReader {
  readonly sight: ActivitySight;
  /** Looks for what it shows alone: where addresses are not told, nobody finds out by a filter whose they are. */
  readonly filterFor: (filter: ActivityFilter) => ActivityFilter;
  readonly tell: (activity: Activity) => Telling;
}

/** An admin, or whoever may everything. */
export const allReader: ActivityReader = {
  sight: 'all',
  filterFor: (filter) => filter,
  tell: () => everything,
};

interface ReaderOptions {
  readonly db: Database['db'];
  readonly config: Pick<Config, 'auth' | 'namespaces'>;
  readonly isOccupied: IsOccupied;
}

export async function readerOf(
  {db, config, isOccupied}: ReaderOptions,
  caller: Caller,
): Promise<ActivityReader> {
  const hasTeams = config.namespaces.policy === 'teams';
  if (caller.kind === 'anonymous') {
    const visibilities = hasTeams && config.auth.anonymous ? (['public'] as const) : [];
    return {
      sight: {teamIds: [], visibilities},
      filterFor: ({actor, address, ...filter}) =>
        actor === undefined && address === undefined ? filter : {...filter, before: 0},
      tell: () => ({actor: false, parameters: 'open', origin: false}),
    };
  }
  if (isRuler(caller)) return allReader;
  const teamIds = [...(await rolesOf(factSources(db, isOccupied), caller)).keys()];
  const own = new Set(await listNamespaceIds(db, teamIds));
  const {id} = caller;
  return {
    sight: {
      accountId: id,
      teamIds,
      visibilities: hasTeams ? ['protected', 'public'] : [],
    },
    filterFor: (filter) => (filter.address === undefined ? filter : {...filter, actorId: id}),
    tell: ({actor, accountId, teamId, namespace, key, subject}) => {
      const isOwn = actor.id === id;
      const isMembers =
        namespace === undefined
          ? teamIds.includes(teamId ?? '') || teamIds.includes(subject.id ?? '')
          : own.has(namespace.id ?? '');
      return {
        actor: true,
        parameters: isOwn || accountId === id || isMembers ? 'all' : 'open',
        origin: isOwn || (accountId === id && key === 'login.failed'),
      };
    },
  };
}
