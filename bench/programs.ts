/** Programs from outside: where they lie, and how they are installed. */
import {accessSync, constants} from 'node:fs';
import {delimiter, join} from 'node:path';

/** By Debian's names of the packages. */
const packages = {
  'docker-registry': 'docker-registry',
  nginx: 'nginx-light',
  openssl: 'openssl',
  setpriv: 'util-linux',
  strace: 'strace',
  wrk: 'wrk',
} as const;

export type ProgramName = keyof typeof packages;

/** Daemons lie where an ordinary user's shell does not look. */
const searchPath = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** Where it lies; `undefined` if nowhere. */
export function findProgram(name: ProgramName): string | undefined {
  return searchPath
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

/** Throws a sentence that says how it is installed. */
export function requireProgram(name: ProgramName): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(howToInstall(name));
  return path;
}

export function howToInstall(name: ProgramName): string {
  return `${name} is not installed (apt-get install -y ${packages[name]})`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
