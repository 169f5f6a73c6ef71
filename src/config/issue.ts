/** What zod found, in our words. */
import {z} from 'zod';
import {nearest} from './nearest.ts';
import {bare, entriesOf} from './settings.ts';
import {kindOf, shown} from './shown.ts';
import type {Setting} from './settings.ts';

/** `http.listen[0]` */
export const pathOf = (keys: readonly PropertyKey[]): string =>
  keys
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      return index === 0 ? String(key) : `.${String(key)}`;
    })
    .join('');

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** As zod calls them. */
const structures: ReadonlySet<string> = new Set(['array', 'object', 'record']);

function example({written}: Setting): string {
  if (typeof written === 'string') return `, such as ${written}`;
  if (Array.isArray(written) && written.length > 0) return `, such as [${written.join(', ')}]`;
  return '';
}

/** What is said where the schema has no sentence of its own; zod's begin with a capital. */
const isOurs = (message: string): boolean => message.startsWith('must ');

const units: Readonly<Record<string, string>> = {string: ' characters', array: ' entries'};

const boundOf = (origin: string, side: string, bound: number | bigint): string =>
  units[origin] === undefined ? `be ${side} ${bound}` : `have ${side} ${bound}${units[origin]}`;

/** A sentence about one issue; never with a secret's value in it. */
export function messageOf(issue: z.core.$ZodIssue, value: unknown, setting?: Setting): string {
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = nouns[issue.expected] ?? issue.expected;
      if (isOurs(issue.message) && value !== undefined && value !== null) {
        return `${issue.message}, not ${setting?.secret === true ? kindOf(value) : shown(value)}`;
      }
      if (value === undefined) return `must be set: ${wanted}`;
      if (value === null) return 'has no value: give one, or remove the key';
      // A text in the place of a list or of a mapping may have a secret in it.
      const isPlain = typeof value === 'string' && !structures.has(issue.expected);
      const got = setting?.secret !== true && isPlain ? shown(value) : kindOf(value);
      return `must be ${wanted}${setting === undefined ? '' : example(setting)}, not ${got}`;
    }
    case 'invalid_value': {
      const known = issue.values.map(String);
      const wanted = known.length === 1 ? (known[0] ?? '') : `one of ${known.join(', ')}`;
      if (value === undefined) return `must be set: ${wanted}`;
      if (value === null) return `has no value; must be ${wanted}`;
      return `must be ${wanted}${setting?.secret === true ? '' : `, not ${shown(value)}`}`;
    }
    case 'too_small':
      if (isOurs(issue.message)) return issue.message;
      if (issue.minimum === 1 && issue.origin === 'string') return 'must not be empty';
      if (issue.minimum === 1 && issue.origin === 'array') return 'must have at least one entry';
      return `must ${boundOf(issue.origin, 'at least', issue.minimum)}`;
    case 'too_big':
      if (isOurs(issue.message)) return issue.message;
      return `must ${boundOf(issue.origin, 'at most', issue.maximum)}`;
    default:
      return issue.message;
  }
}

/** What lies below, by the name of a setting or the place in a list. */
function stepInto(schema: z.ZodType, step: PropertyKey): z.ZodType | undefined {
  const {inner} = bare(schema);
  if (inner instanceof z.ZodObject) return entriesOf(inner).find(([name]) => name === step)?.[1];
  if (!(inner instanceof z.ZodArray) || typeof step !== 'number') return undefined;
  return inner.element instanceof z.ZodType ? inner.element : undefined;
}

/** What an unknown key was meant to be: a key of its section, or a setting of that name elsewhere. */
export function meantBy(
  schema: z.ZodObject,
  settings: readonly Setting[],
  section: readonly PropertyKey[],
  key: string,
): string | undefined {
  let here: z.ZodType | undefined = schema;
  for (const step of section) here = here && stepInto(here, step);
  const inner = here && bare(here).inner;
  const keys = inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
  const sibling = nearest(key, keys);
  if (sibling !== undefined) return pathOf([...section, sibling]);
  // What is within one setting does not belong elsewhere.
  if (settings.some(({keys: [...own]}) => own.every((each, at) => section[at] === each))) {
    return undefined;
  }
  const last = settings.map((setting) => setting.keys.at(-1) ?? '');
  const elsewhere = nearest(key, last);
  return elsewhere === undefined ? undefined : settings[last.indexOf(elsewhere)]?.path;
}
