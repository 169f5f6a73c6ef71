/** One thing that can be asked of the administration: by its name, with JSON, answered with JSON. */
import type {z} from 'zod';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';

export interface Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  /** Noun and verb: `user create`. */
  readonly name: string;
  readonly input: I;
  readonly output: O;
  /** Throws an AdministrationError, `invalid`, where the input is not as it must be; for who has something to open before. */
  readonly check: (input: unknown) => void;
  /** Rejects with an AdministrationError, `invalid` where the input is not as it must be; with a MetadataError where the database fails. */
  readonly perform: (context: AdministrationContext, input: unknown) => Promise<z.output<O>>;
}

export function operation<I extends z.ZodType, O extends z.ZodType>(
  name: string,
  {input, output}: {readonly input: I; readonly output: O},
  run: (context: AdministrationContext, input: z.output<I>) => Promise<z.output<O>>,
): Operation<I, O> {
  const parse = (given: unknown): z.output<I> => {
    const parsed = input.safeParse(given);
    if (parsed.success) return parsed.data;
    throw new AdministrationError('invalid', parsed.error.issues.map(sentence).join('; '));
  };
  return {
    name,
    input,
    output,
    check: parse,
    perform: async (context, given) => run(context, parse(given)),
  };
}

/** Zod's messages have no values in them: one may be a password. */
function sentence({path, message}: z.core.$ZodIssue): string {
  const place = path.map(String).join('.');
  return place === '' ? message : `${place} ${message}`;
}
