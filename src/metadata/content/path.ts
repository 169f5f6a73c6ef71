/** Names of repositories as they are sorted: by parts, as in the catalogue. */
import type {RepositoryName} from '../../oci/name.ts';

/** `a/b` becomes `a!b`, which stands before `a-b`, as no other sign of a name stands before `!`. */
export const pathOf = (name: string): string => name.replaceAll('/', '!');

/** Of a path that `pathOf` has made of a name. */
export const nameOf = (path: string): RepositoryName => path.replaceAll('!', '/') as RepositoryName;

/** What lies below a name has paths from `from` on, and before `before`. */
export const belowPath = (name: string): {readonly from: string; readonly before: string} => ({
  from: `${pathOf(name)}!`,
  before: `${pathOf(name)}"`,
});
