/** What a search has found, as places to go to. */
import {addresses} from '../addresses.ts';
import type {Found} from '../api/types.ts';
import {shortDigest} from '../parts/short-digest.ts';

type Kind = 'repository' | 'tag' | 'manifest' | 'namespace' | 'team' | 'user';

export interface FoundPlace {
  readonly kind: Kind;
  readonly title: string;
  readonly to: string;
  /** Where it has what was looked for, if that is not its name. */
  readonly foundIn?: 'description' | 'label';
}

export const foundPlaces = (found: Found): readonly FoundPlace[] => [
  ...found.repositories.map(({full_name: name, found_in: place}) => ({
    kind: 'repository' as const,
    title: name,
    to: addresses.repository(name),
    ...(place === 'description' && {foundIn: place}),
  })),
  ...found.tags.map(({repository, name}) => ({
    kind: 'tag' as const,
    title: `${repository}:${name}`,
    to: addresses.tag(repository, name),
  })),
  ...found.manifests.map(({repository, digest, found_in: place}) => ({
    kind: 'manifest' as const,
    title: `${repository}@${shortDigest(digest)}`,
    to: addresses.manifest(repository, digest),
    ...(place === 'label' && {foundIn: place}),
  })),
  ...found.namespaces.map((name) => ({
    kind: 'namespace' as const,
    title: name,
    to: addresses.namespace(name),
  })),
  ...found.teams.map((name) => ({kind: 'team' as const, title: name, to: addresses.team(name)})),
  ...found.users.map((name) => ({kind: 'user' as const, title: name, to: addresses.user(name)})),
];
