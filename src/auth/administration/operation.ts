/** One thing that can be asked of the administration: by its name, by somebody, with JSON, answered with JSON. */
import type {z} from 'zod';
import {changing} from '../../metadata/revisions.ts';
import type {ActivityNotes} from '../activities/notes.ts';
import {doerOf} from '../activities/origin.ts';
import {type Account, isWhole} from '../caller.ts';
import type {Actor} from './actor.ts';
import {AdministrationError, inputFaults} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';
import type {Recorded} from './record.ts';
import {UnknownName} from './unknown-name.ts';

interface Noting {
  /** Absent: a command that is alone. */
  readonly notes?: Pick<ActivityNotes, 'note'> | undefined;
}

export interface Operation<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  C = AdministrationContext,
> {
  /** Noun and verb: `user create`. */
  readonly name: string;
  /** `nothing`: it only tells. `recorded`: it leaves an activity. `content`: what it changes is written down where content is changed. */
  readonly changes: 'nothing' | 'recorded' | 'content';
  readonly input: I;
  readonly output: O;
  /** Throws an AdministrationError, `invalid`, where the input is not as it must be; for who has something to open before. */
  readonly check: (input: unknown) => void;
  /**
   * Rejects with an AdministrationError, `invalid` where the input is not as it must be, `denied` where the actor may not; with a
   * MetadataError where the database fails.
   */
  readonly perform: (context: C & Noting, actor: Actor, input: unknown) => Promise<z.output<O>>;
}

interface Shape<I extends z.ZodType, O extends z.ZodType, C> {
  readonly input: I;
  readonly output: O;
  /** Whether it is the account's own affair. Absent: it is one of admins alone. */
  readonly isOwn?: (account: Account, input: z.output<I>, context: C) => boolean | Promise<boolean>;
  /** Who may, where that is more than admins. */
  readonly denial?: string;
}

/** The actor is for what is written down alone. */
type Run<I extends z.ZodType, O extends z.ZodType, C> = (
  context: C,
  input: z.output<I>,
  actor: Actor,
) => Promise<z.output<O>>;

/** One that tells something, and changes nothing. */
export const question = <I extends z.ZodType, O extends z.ZodType, C = AdministrationContext>(
  name: string,
  shape: Shape<I, O, C>,
  run: Run<I, O, C>,
): Operation<I, O, C> => operation({name, changes: 'nothing', shape, run: hinted(run)});

/** One on content, which is written down together with the change of the content. */
export const contentChange = <I extends z.ZodType, O extends z.ZodType, C>(
  name: string,
  shape: Shape<I, O, C>,
  run: Run<I, O, C>,
): Operation<I, O, C> => operation({name, changes: 'content', shape, run: hinted(run)});

/** What writes it down is loaded when something is: a command that asks a server has no need of it. */
interface Changing<I extends z.ZodType> {
  readonly records: Recorded<z.output<I>>;
}

interface Prepared<I extends z.ZodType, P> {
  /** What is slow, or asks others: before the transaction, which all others wait for. */
  readonly prepare: (context: AdministrationContext, input: z.output<I>) => Promise<P>;
}

/**
 * One that changes something, in one transaction with the activity that tells of it: with `context.db` it asks that transaction, and nothing else may it
 * ask of the database. It may be done several times, until it comes through.
 */
export const preparedChange = <I extends z.ZodType, O extends z.ZodType, P>(
  name: string,
  {records, prepare, ...shape}: Shape<I, O, AdministrationContext> & Changing<I> & Prepared<I, P>,
  run: (
    context: AdministrationContext,
    input: z.output<I>,
    prepared: P,
  ) => Promise<z.output<O> & object>,
): Operation<I, O> =>
  operation({
    name,
    changes: 'recorded',
    shape,
    run: async (context, input, actor) => {
      const prepared = await hinting(actor, async () => prepare(context, input));
      const {prepareRecord} = await import('./record.ts');
      const answer = await changing(context.db, async (turn) => {
        const now = context.now().getTime();
        const record = await prepareRecord(turn, records, {actor, input, now});
        const done = await hinting(actor, async () => run({...context, db: turn}, input, prepared));
        await record(turn);
        return done;
      });
      context.onChange();
      return answer;
    },
  });

/** As `preparedChange`, of what needs nothing before. */
export const change = <I extends z.ZodType, O extends z.ZodType>(
  name: string,
  shape: Shape<I, O, AdministrationContext> & Changing<I>,
  run: (context: AdministrationContext, input: z.output<I>) => Promise<z.output<O> & object>,
): Operation<I, O> =>
  preparedChange(name, {...shape, prepare: async () => Promise.resolve(undefined)}, run);

/** As `change`, of what no transaction holds: keys on the disk, all of the database. The activity comes right after it. */
export const changeApart = <I extends z.ZodType, O extends z.ZodType>(
  name: string,
  {records, ...shape}: Shape<I, O, AdministrationContext> & Changing<I>,
  run: Run<I, O, AdministrationContext>,
): Operation<I, O> =>
  operation({
    name,
    changes: 'recorded',
    shape,
    run: async (context, input, actor) => {
      const {db, now} = context;
      const {prepareRecord} = await import('./record.ts');
      const answer = await hinting(actor, async () => run(context, input, actor));
      if (records.isDry?.(input) === true) return answer;
      await (
        await prepareRecord(db, records, {actor, input, now: now().getTime()})
      )(db);
      return answer;
    },
  });

/** For the operator alone, as others may not know of what is there. */
async function hinting<T>(actor: Actor, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const isForOperator = actor.kind === 'operator' && error instanceof UnknownName;
    throw isForOperator ? await error.withHint() : error;
  }
}

const hinted =
  <I extends z.ZodType, O extends z.ZodType, C>(run: Run<I, O, C>): Run<I, O, C> =>
  async (context, input, actor) =>
    hinting(actor, async () => run(context, input, actor));

function operation<I extends z.ZodType, O extends z.ZodType, C>({
  name,
  changes,
  shape: {input, output, isOwn = () => false, denial = 'only an admin may do that'},
  run,
}: Pick<Operation, 'name' | 'changes'> & {
  readonly shape: Shape<I, O, C>;
  readonly run: Run<I, O, C>;
}): Operation<I, O, C> {
  const parse = (given: unknown): z.output<I> => {
    const parsed = input.safeParse(given);
    if (parsed.success) return parsed.data;
    throw new AdministrationError('invalid', inputFaults(parsed.error));
  };
  return {
    name,
    changes,
    input,
    output,
    check: parse,
    perform: async (context, actor, given) => {
      const parsed = parse(given);
      const mayAsk =
        actor.kind === 'operator' ||
        (isWhole(actor) && (actor.isAdmin || (await isOwn(actor, parsed, context))));
      if (!mayAsk) {
        context.notes?.note({
          ...actor.origin,
          key: 'operation.denied',
          actor: doerOf(actor),
          subject: {kind: 'operation', name},
          outcome: 'denied',
        });
        throw new AdministrationError('denied', denial);
      }
      return run(context, parsed, actor);
    },
  };
}
