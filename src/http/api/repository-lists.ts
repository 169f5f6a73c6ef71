/** Lists of repositories by whose they are to whoever asks, as Portus has them on its first page. */
import {namespaceFinder} from '../../auth/namespace-tree.ts';
import {listOwnedNamespaces} from '../../metadata/access-facts.ts';
import type {Span} from '../../metadata/content/span.ts';
import {listMembershipsOf} from '../../metadata/memberships.ts';
import {liesIn} from '../../oci/owning-namespace.ts';
import type {Asker} from './asker.ts';
import type {ContentOptions} from './content-options.ts';
import {accountOf, spanOf} from './repository-sight.ts';

export const repositoryLists = ['all', 'starred', 'personal', 'team', 'other'] as const;

/** Of what he may see, the part that a list is about; stars and his own name are no matter of namespaces. */
export async function spanOfList(
  options: ContentOptions,
  asker: Asker,
  list: (typeof repositoryLists)[number],
): Promise<Span> {
  const span = await spanOf(options, asker);
  const account = accountOf(asker);
  if (!account || (list !== 'team' && list !== 'other')) return span;
  const {has = () => true} = span;
  const owned = await listOwnedNamespaces(options.db);
  const teamOf = namespaceFinder(owned.map(({name, teamId}) => [name, teamId] as const));
  const memberships = await listMembershipsOf(options.db, account.id);
  const all = new Set(memberships.map(({teamId}) => teamId));
  const shared = new Set(memberships.flatMap((each) => (each.isPersonal ? [] : [each.teamId])));
  if (list === 'team') {
    return {
      namespaces: owned.flatMap(({name, teamId}) => (shared.has(teamId) ? [name] : [])),
      has: (name) => shared.has(teamOf(name) ?? '') && has(name),
    };
  }
  return {
    ...span,
    has: (name) => !all.has(teamOf(name) ?? '') && !liesIn(account.name, name) && has(name),
  };
}
