/** Puts a tree of values before the schema, and turns each issue into a fault with its origin. */
import type {z} from 'zod';
import type {Fault, Origin} from './fault.ts';
import type {ConfigFile} from './file.ts';
import {meantBy, messageOf, pathOf} from './issue.ts';
import type {Setting} from './settings.ts';
import {getAt, without} from './tree.ts';
import type {Tree} from './tree.ts';

interface Provenance {
  readonly origins: ReadonlyMap<string, Origin>;
  readonly file: ConfigFile | undefined;
}

/** `config` comes of `tree`: what was given, less what is at fault. */
interface Judged<C> {
  readonly faults: readonly Fault[];
  readonly config?: C;
  readonly tree: Tree;
}

/** A file of another program has thousands of unknown keys; the first ones show it. */
const most = 20;

/** Faults of the file come in the order of its lines, before the others. */
const lineOf = ({origin}: Fault): number =>
  Number(/:(\d+):\d+$/.exec(origin?.kind === 'file' ? (origin.detail ?? '') : '')?.[1] ?? 1e9);

export function judge<S extends z.ZodObject>(
  schema: S,
  settings: readonly Setting[],
  given: Tree,
  {origins, file}: Provenance,
): Judged<z.output<S>> {
  const first = schema.safeParse(given);
  if (first.success) return {faults: [], config: first.data, tree: given};

  const settingAt = (path: readonly PropertyKey[]): Setting | undefined =>
    settings.find(({keys}) => keys.every((key, index) => path[index] === key));
  const originOf = (path: readonly PropertyKey[]): {origin?: Origin} => {
    const origin = origins.get(settingAt(path)?.path ?? '');
    if (origin?.kind === 'environment' || origin?.kind === 'flag') return {origin};
    if (file !== undefined && getAt(file.content, path) !== undefined) {
      return {origin: {kind: 'file', detail: file.where(path)}};
    }
    return origin?.kind === 'file' ? {origin} : {};
  };

  const faults: Fault[] = [];
  const unsound: PropertyKey[][] = [];
  for (const issue of first.error.issues) {
    const setting = settingAt(issue.path);
    if (issue.code === 'unrecognized_keys') {
      const {keys} = issue;
      for (const key of keys.slice(0, most)) {
        const path = [...issue.path, key];
        const meant = meantBy(schema, settings, issue.path, key);
        const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
        faults.push({path: pathOf(path), message: `unknown key${hint}`, ...originOf(path)});
      }
      if (keys.length > most) {
        const section = issue.path.length === 0 ? 'the file' : pathOf(issue.path);
        faults.push({path: section, message: `${keys.length - most} more unknown keys`});
      }
      unsound.push(...keys.map((key) => [...(setting?.keys ?? [...issue.path, key])]));
    } else {
      const {path} = issue;
      const message = messageOf(issue, getAt(given, path), setting);
      faults.push({path: pathOf(path), message, ...originOf(path)});
      unsound.push([...(setting?.keys ?? path)]);
    }
  }
  faults.sort((a, b) => lineOf(a) - lineOf(b));
  const tree = without(given, unsound);
  const second = schema.safeParse(tree);
  return second.success ? {faults, config: second.data, tree} : {faults, tree};
}
