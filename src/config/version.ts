/** Which Holdfast this is. */
import {readFileSync} from 'node:fs';
import {findPackageJSON} from 'node:module';
import {z} from 'zod';

/** The version in package.json, which lies two levels above the sources and three above the build. */
export function version(): string {
  const path = findPackageJSON(import.meta.url);
  if (path === undefined) throw new Error(`there is no package.json above ${import.meta.filename}`);
  return z.object({version: z.string()}).parse(JSON.parse(readFileSync(path, 'utf8'))).version;
}
