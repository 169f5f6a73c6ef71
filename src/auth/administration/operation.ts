/** One thing that can be asked of the administration: by its name, by somebody, with JSON, answered with JSON. */
import type {z} from 'zod';
import type {Account} from '../caller.ts';
import type {Actor} from './actor.ts';
import {AdministrationError, inputFaults} from './administration-error.ts';
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
  return {
    name,
    input,
    output,
    perform: async (context, actor, given) => {
      const parsed = input.safeParse(given);
      if (!parsed.success) {
        throw new AdministrationError('invalid', inputFaults(parsed.error));
      }
      const mayAsk =
        actor.kind === 'operator' ||
        (isWhole(actor) && (actor.isAdmin || (await isOwn(actor, parsed.data, context))));
      if (!mayAsk) {
        throw new AdministrationError('denied', denial);
      }
      return run(context, parsed.data);
    },
  };
}

/** A token that is limited, or a robot, rules nothing: not even what is its own. */
const isWhole = ({limits, isRobot}: Account): boolean => limits === undefined && !isRobot;
