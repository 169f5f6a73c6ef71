/** The values of a configuration as nested mappings, before the schema has seen them. */
import {z} from 'zod';
import {bare, entriesOf} from './settings.ts';

export type Tree = Record<string, unknown>;

export const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function getAt(tree: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce<unknown>((node, key) => {
    if (Array.isArray(node)) return node[Number(key)] as unknown;
    return isTree(node) && Object.hasOwn(node, key) ? node[String(key)] : undefined;
  }, tree);
}

/** A copy with one value set; the same tree where something that is no mapping stands in the way. */
export function setAt(tree: Tree, [key, ...rest]: readonly string[], value: unknown): Tree {
  if (key === undefined) return tree;
  if (rest.length === 0) return {...tree, [key]: value};
  const below = Object.hasOwn(tree, key) ? tree[key] : {};
  return isTree(below) ? {...tree, [key]: setAt(below, rest, value)} : tree;
}

/** A copy without what lies at the paths. */
export function without(tree: Tree, paths: readonly (readonly PropertyKey[])[]): Tree {
  const copy = structuredClone(tree);
  for (const path of paths) {
    const section = getAt(copy, path.slice(0, -1));
    const key = path.at(-1);
    if (isTree(section) && key !== undefined) Reflect.deleteProperty(section, key);
  }
  return copy;
}

/** `http:` with every line below it commented out is null in YAML, and means what no `http:` means. */
export function withoutEmptySections(schema: z.ZodObject, tree: Tree): Tree {
  const sections = new Map(
    entriesOf(schema).flatMap(([key, entry]) => {
      const {inner} = bare(entry);
      return inner instanceof z.ZodObject ? [[key, inner] as const] : [];
    }),
  );
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) => {
      const section = sections.get(key);
      if (section === undefined) return [[key, value]];
      if (value === null) return [];
      return [[key, isTree(value) ? withoutEmptySections(section, value) : value]];
    }),
  );
}
