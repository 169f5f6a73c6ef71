/** The facts about rights out of the database, and of the storage what the database does not know. */
import {
  findAccountNames,
  findOwnedNamespaces,
  listOwnedNamespaces,
} from '../metadata/access-facts.ts';
import type {Database} from '../metadata/database.ts';
import {listMembershipsOf} from '../metadata/memberships.ts';
import {byName, type FactSources} from './facts.ts';

/** Whether there are repositories below a name. */
export type IsOccupied = (name: string) => Promise<boolean>;

export function factSources(db: Database['db'], isOccupied: IsOccupied): FactSources {
  return {
    namespaces: async (names) => findOwnedNamespaces(db, names),
    allNamespaces: async () => byName(await listOwnedNamespaces(db)),
    roles: async (userId) => listMembershipsOf(db, userId),
    accountNames: async (names) => findAccountNames(db, names),
    occupied: async (names) => {
      const found = await Promise.all(names.map(isOccupied));
      return names.filter((_, index) => found[index] === true);
    },
  };
}
