/** Checks of long lists that end after a few faults: to describe a million of them would stop the process for seconds. */
import {z} from 'zod';

/** As many places as one answer names. */
export const mostFaults = 20;

/** A list whose items fit a schema. */
export const listOf = <T>(schema: z.ZodType<T>) =>
  z.array(z.unknown()).transform((list, context): T[] => {
    const items: T[] = [];
    for (const [index, value] of list.entries()) {
      const {data, error} = schema.safeParse(value);
      if (data !== undefined) items.push(data);
      for (const issue of error?.issues ?? []) {
        context.addIssue({code: 'custom', message: issue.message, path: [index, ...issue.path]});
      }
      if (context.issues.length >= mostFaults) return z.NEVER;
    }
    return items;
  });

/** An object whose values are strings; of those that are not, the first is told. */
export const stringMap = z.record(z.string(), z.unknown()).transform((map, context) => {
  if (isStringMap(map)) return map;
  const [wrong = ''] = Object.keys(map).filter((key) => typeof map[key] !== 'string');
  context.addIssue({code: 'custom', message: 'must be a string', path: [wrong]});
  return z.NEVER;
});

function isStringMap(
  map: Readonly<Record<string, unknown>>,
): map is Readonly<Record<string, string>> {
  return Object.values(map).every((value) => typeof value === 'string');
}
