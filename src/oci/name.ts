/** Repository names. */
import {RegistryError} from './errors.ts';

/** A name that matches the specification's grammar, at most 255 characters long. */
export type RepositoryName = string & {readonly __brand: 'RepositoryName'};

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const grammar = new RegExp(`^${component}(?:/${component})*$`);
/** Many clients cap host and name together at 255, so nobody could pull a longer name. */
const longest = 255;

export function isRepositoryName(text: string): text is RepositoryName {
  return text.length <= longest && grammar.test(text);
}

/** Throws NAME_INVALID. */
export function parseRepositoryName(text: string): RepositoryName {
  if (isRepositoryName(text)) return text;
  throw new RegistryError('NAME_INVALID', {
    message:
      text.length > longest
        ? `a repository name has at most ${longest} characters, this one has ${text.length}`
        : 'a repository name consists of lower-case letters, digits and single separators (. _ __ -), in parts joined by /',
    detail: {name: text.slice(0, longest)},
  });
}
