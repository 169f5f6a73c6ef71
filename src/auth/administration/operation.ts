/** One thing that can be asked of the administration: by its name, with JSON, answered with JSON. */
import type {z} from 'zod';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';

export interface Operation<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  C = AdministrationContext,
> {
  /** Noun and verb: `user create`. */
  readonly name: string;
  readonly input: I;
  readonly output: O;
  /** Rejects with an AdministrationError, `invalid` where the input is not as it must be; with a MetadataError where the database fails. */
  readonly perform: (context: C, input: unknown) => Promise<z.output<O>>;
}

export function operation<I extends z.ZodType, O extends z.ZodType, C = AdministrationContext>(
  name: string,
  {input, output}: {readonly input: I; readonly output: O},
  run: (context: C, input: z.output<I>) => Promise<z.output<O>>,
): Operation<I, O, C> {
  return {
    name,
    input,
    output,
    perform: async (context, given) => {
      const parsed = input.safeParse(given);
      if (parsed.success) return run(context, parsed.data);
      throw new AdministrationError('invalid', parsed.error.issues.map(sentence).join('; '));
    },
  };
}

/** Zod's messages have no values in them: one may be a password. */
function sentence({path, message}: z.core.$ZodIssue): string {
  const place = path.map(String).join('.');
  return place === '' ? message : `${place} ${message}`;
}
