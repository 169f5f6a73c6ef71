/** Which Holdfast this is. */
import {readFileSync} from 'node:fs';
import {findPackageJSON} from 'node:module';

// By hand, as a command that tells no more should not load a library of schemas.
const isVersioned = (facts: unknown): facts is {readonly version: string} =>
  typeof facts === 'object' &&
  facts !== null &&
  'version' in facts &&
  typeof facts.version === 'string';

/** The version in package.json, which lies two levels above the sources and three above the build. */
export function version(): string {
  const path = findPackageJSON(import.meta.url);
  if (path === undefined) throw new Error(`there is no package.json above ${import.meta.filename}`);
  const facts: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (isVersioned(facts)) return facts.version;
  throw new Error(`${path} has no version`);
}
