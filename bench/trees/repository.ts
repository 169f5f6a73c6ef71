/** What stands in a tree: repositories, each with one manifest. */
import {manifestType} from '../client/manifest.ts';
import {emptyBlob, emptyIndex, imageOf, indexType, type Piece, piece} from './content.ts';

export type Repository = {
  readonly name: string;
  readonly blobs: readonly Piece[];
  readonly manifest: Piece;
  readonly mediaType: string;
  /** All of them name the one manifest. */
  readonly tags: readonly string[];
};

/** One repository with very many tags. */
export const taggedRepository = 'bench/tags';

export function tagNames(count: number): readonly string[] {
  return Array.from({length: count}, (_, index) => `v1.${String(index).padStart(5, '0')}`);
}

/** A hundred repositories in each of the folders. */
export function repositoryNames(count: number): readonly string[] {
  return Array.from({length: count}, (_, index) => {
    const team = String(Math.floor(index / 100)).padStart(3, '0');
    return `team-${team}/app-${String(index).padStart(5, '0')}`;
  });
}

export function* manyTags(count: number): Generator<Repository> {
  yield {...empty(taggedRepository), tags: tagNames(count)};
}

export function* manyRepositories(count: number): Generator<Repository> {
  for (const name of repositoryNames(count)) yield {...empty(name), tags: ['latest']};
}

/** A hundred blobs in each repository. */
export function* manyBlobs(count: number): Generator<Repository> {
  for (const name of repositoryNames(Math.ceil(count / 100))) {
    const blobs = Array.from({length: 100}, (_, index) => piece(`${name}: blob ${index}\n`));
    yield {name, blobs, manifest: imageOf(blobs), mediaType: manifestType, tags: ['latest']};
  }
}

/** An index of nothing. Distribution finds a repository by its layers: there is one, of two bytes. */
function empty(name: string): Omit<Repository, 'tags'> {
  return {name, blobs: [emptyBlob], manifest: emptyIndex, mediaType: indexType};
}
