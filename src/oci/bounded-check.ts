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

/** An object whose values are strings, as it is; of those that are not, the first is told. It may have hundreds of thousands of keys. */
export const stringMap = z.unknown().transform((map, context) => {
  if (isStringMap(map)) return map;
  const wrong = isObject(map)
    ? Object.keys(map).filter((key) => typeof map[key] !== 'string')
    : undefined;
  const message = wrong ? 'must be a string' : 'must be an object of strings';
  context.addIssue({code: 'custom', message, path: wrong?.slice(0, 1) ?? []});
  return z.NEVER;
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isStringMap = (value: unknown): value is Readonly<Record<string, string>> =>
  isObject(value) && Object.values(value).every((each) => typeof each === 'string');
