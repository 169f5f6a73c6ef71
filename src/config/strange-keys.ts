/** Keys of another program that its table does not know, and values where a mapping must be. */
import type {Fault, Origin} from './fault.ts';
import {nearest} from './nearest.ts';
import {isTree, type Tree} from './tree.ts';

/** A file of another program has thousands of unknown keys; the first ones show it. */
const most = 20;

interface Looked {
  readonly tree: Tree;
  /** Those that are no path of the tree. */
  readonly variables: readonly string[];
  readonly originOf: (key: string) => Origin;
  /** Of which the keys are, where there are too many to name. */
  readonly whole: string;
}

interface Strange {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** Such programs pass over what they do not know; so a warning does. */
export function strangeKeys(
  rows: readonly {readonly keys: readonly string[]}[],
  {tree, variables, originOf, whole}: Looked,
): Strange {
  const known = rows.flatMap(({keys}) => keys);
  const isSection = (key: string): boolean => known.some((other) => other.startsWith(`${key}.`));
  const faults: Fault[] = [];
  const unknown: string[] = [];
  const warningOf = (key: string): Fault => {
    const meant = nearest(key, known);
    const hint = meant === undefined || meant.endsWith('*') ? '' : `; did you mean ${meant}?`;
    return {path: key, message: `unknown key${hint}`, origin: originOf(key)};
  };
  const visit = (section: object, above: string): void => {
    for (const [step, value] of Object.entries(section) as [string, unknown][]) {
      const key = `${above}${step}`;
      if (isSection(key)) {
        if (isTree(value)) visit(value, `${key}.`);
        else if (value !== null && value !== undefined) {
          faults.push({path: key, message: 'must be a mapping', origin: originOf(key)});
        }
      } else if (!known.includes(key) && !known.includes(`${above}*`)) unknown.push(key);
    }
  };
  visit(tree, '');
  unknown.push(...variables.filter((variable) => !known.includes(variable)));
  const others = unknown.length - most;
  const warnings = unknown.slice(0, most).map(warningOf);
  if (others > 0) {
    warnings.push({path: whole, message: `${others} more unknown keys`});
  }
  return {faults, warnings};
}
