/** One thing that can be asked of the administration: by its name, by somebody, with JSON, answered with JSON. */
import type {z} from 'zod';
import {type Account, isWhole} from '../caller.ts';
import type {Actor} from './actor.ts';
import {AdministrationError, inputFaults} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';
import {UnknownName} from './unknown-name.ts';

export interface Operation<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  C = AdministrationContext,
> {
  /** Noun and verb: `user create`. */
  readonly name: string;
  readonly input: I;
  readonly output: O;
  /** Throws an AdministrationError, `invalid`, where the input is not as it must be; for who has something to open before. */
  readonly check: (input: unknown) => void;
  /**
   * Rejects with an AdministrationError, `invalid` where the input is not as it must be, `denied` where the actor may not; with a
   * MetadataError where the database fails.
   */
  readonly perform: (context: C, actor: Actor, input: unknown) => Promise<z.output<O>>;
}

interface Shape<I extends z.ZodType, O extends z.ZodType, C> {
  readonly input: I;
  readonly output: O;
  /** Whether it is the account's own affair. Absent: it is one of admins alone. */
  readonly isOwn?: (account: Account, input: z.output<I>, context: C) => boolean | Promise<boolean>;
  /** Who may, where that is more than admins. */
  readonly denial?: string;
}

export function operation<I extends z.ZodType, O extends z.ZodType, C = AdministrationContext>(
  name: string,
  {input, output, isOwn = () => false, denial = 'only an admin may do that'}: Shape<I, O, C>,
  run: (context: C, input: z.output<I>) => Promise<z.output<O>>,
): Operation<I, O, C> {
  const parse = (given: unknown): z.output<I> => {
    const parsed = input.safeParse(given);
    if (parsed.success) return parsed.data;
    throw new AdministrationError('invalid', inputFaults(parsed.error));
  };
  return {
    name,
    input,
    output,
    check: parse,
    perform: async (context, actor, given) => {
      const parsed = parse(given);
      const mayAsk =
        actor.kind === 'operator' ||
        (isWhole(actor) && (actor.isAdmin || (await isOwn(actor, parsed, context))));
      if (!mayAsk) {
        throw new AdministrationError('denied', denial);
      }
      try {
        return await run(context, parsed);
      } catch (error) {
        const isForOperator = actor.kind === 'operator' && error instanceof UnknownName;
        throw isForOperator ? await error.withHint() : error;
      }
    },
  };
}
