/** Files that a build has made and nobody changes: each is read when it is first asked for, and kept. */
import {readdirSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {errorCode} from './error-code.ts';

export interface ReadOnlyTree {
  /** `assets/a.js`; those that there are now. Nothing else is ever looked for. */
  readonly names: ReadonlySet<string>;
  /** `undefined`: there is none of that name, or not any more. */
  readonly read: (name: string) => Promise<Buffer | undefined>;
}

export function openReadOnlyTree(directory: string): ReadOnlyTree {
  const entries = readdirSync(directory, {recursive: true, withFileTypes: true});
  const names = new Set(
    entries
      .filter((entry) => entry.isFile())
      .map(({parentPath, name}) => join(parentPath, name).slice(directory.length + 1)),
  );
  const kept = new Map<string, Promise<Buffer | undefined>>();
  const load = async (name: string): Promise<Buffer | undefined> => {
    try {
      return await readFile(join(directory, name));
    } catch (error) {
      kept.delete(name);
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  };
  return {
    names,
    read: async (name) => {
      if (!names.has(name)) return undefined;
      const known = kept.get(name) ?? load(name);
      kept.set(name, known);
      return known;
    },
  };
}
