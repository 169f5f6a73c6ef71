/** Names of repositories as they are sorted: by parts, as in the catalogue. */
import type {RepositoryName} from '../../oci/name.ts';

/** `a/b` becomes `a!b`, which stands before `a-b`, as no other sign of a name stands before `!`. */
export const pathOf = (name: string): string => name.replaceAll('/', '!');

/** Under which there stands what was counted of repositories that are gone: no name leads to it. */
export const pathOfGone = '';

/** Of a path that `pathOf` has made of a name. */
export const nameOf = (path: string): RepositoryName => path.replaceAll('!', '/') as RepositoryName;

export interface PathRange {
  readonly from: string;
  /** Not itself. */
  readonly before: string;
}

/** Of what lies below a name. */
export const belowPath = (name: string): PathRange => ({
  from: `${pathOf(name)}!`,
  before: `${pathOf(name)}"`,
});
