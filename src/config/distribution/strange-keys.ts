/** Keys that the table does not know, and values where a mapping must be. */
import type {Fault} from '../fault.ts';
import {nearest} from '../nearest.ts';
import {isTree} from '../tree.ts';
import type {Overlaid} from './overlay.ts';
import type {Row} from './row.ts';

/** A file of another program has thousands of unknown keys; the first ones show it. */
const most = 20;

interface Strange {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** Distribution passes over what it does not know; so a warning does. */
export function strangeKeys(
  rows: readonly Row[],
  {tree, tokenServer, originOf}: Overlaid,
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
  unknown.push(...[...tokenServer.keys()].filter((variable) => !known.includes(variable)));
  const others = unknown.length - most;
  const warnings = unknown.slice(0, most).map(warningOf);
  if (others > 0) {
    warnings.push({path: 'distribution.config', message: `${others} more unknown keys`});
  }
  return {faults, warnings};
}
