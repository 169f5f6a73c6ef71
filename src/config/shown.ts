/** What was given, as a sentence about it repeats it: on one line, and not without end. */

const longest = 60;

const kinds: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
};

/** What it is, without what stands in it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return kinds[typeof value] ?? typeof value;
}

/** Text in quotation marks, numbers and switches as they are; of anything else what it is. */
export function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return kindOf(value);
  return JSON.stringify(value.length > longest ? `${value.slice(0, longest)}...` : value);
}
