/** What zod found, in our words. */
import {z} from 'zod';
import {nearest} from './nearest.ts';
import {bare, entriesOf} from './settings.ts';
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

function nounOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return nouns[typeof value] ?? typeof value;
}

function example({written}: Setting): string {
  if (typeof written === 'string') return `, such as ${written}`;
  if (Array.isArray(written) && written.length > 0) return `, such as [${written.join(', ')}]`;
  return '';
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : nounOf(value);

/** A sentence about one issue; never with a secret's value in it. */
export function messageOf(issue: z.core.$ZodIssue, value: unknown, setting?: Setting): string {
  switch (issue.code) {
    case 'invalid_type': {
      const wanted = nouns[issue.expected] ?? issue.expected;
      if (value === undefined) return `must be set: ${wanted}`;
      if (value === null) return 'has no value: give one, or remove the key';
      // A text in the place of a list or of a mapping may have a secret in it.
      const isPlain = typeof value === 'string' && !structures.has(issue.expected);
      const got = setting?.secret !== true && isPlain ? shown(value) : nounOf(value);
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
      if (issue.minimum === 1 && issue.origin === 'string') return 'must not be empty';
      if (issue.minimum === 1 && issue.origin === 'array') return 'must have at least one entry';
      return issue.message;
    default:
      return issue.message;
  }
}

/** What an unknown key was meant to be: a key of its section, or one of that name elsewhere. */
export function meantBy(
  schema: z.ZodObject,
  settings: readonly Setting[],
  section: readonly PropertyKey[],
  key: string,
): string | undefined {
  let here: z.ZodObject | undefined = schema;
  for (const step of section) {
    const entry: z.ZodType | undefined =
      here === undefined ? undefined : entriesOf(here).find(([name]) => name === step)?.[1];
    const inner: z.ZodType | undefined = entry === undefined ? undefined : bare(entry).inner;
    here = inner instanceof z.ZodObject ? inner : undefined;
  }
  const sibling = here === undefined ? undefined : nearest(key, Object.keys(here.shape));
  if (sibling !== undefined) return pathOf([...section, sibling]);
  const last = settings.map(({keys}) => keys.at(-1) ?? '');
  const elsewhere = nearest(key, last);
  return elsewhere === undefined ? undefined : settings[last.indexOf(elsewhere)]?.path;
}
