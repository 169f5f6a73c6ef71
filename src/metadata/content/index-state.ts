/** How far the index is. */
import type {Kysely} from 'kysely';
import {z} from 'zod';
import type {Schema} from '../schema.ts';
import {transact} from '../transact.ts';

const schema = z.object({
  /** In ms: when the look at the storage began that is under way, or was the last. */
  startedAt: z.number(),
  /** The last repository that was looked at; absent: none yet, or all. */
  cursor: z.string().optional(),
  /** In ms; absent: it is not through. */
  finishedAt: z.number().optional(),
  /** Whether one was ever through: the index has all that there is. */
  isComplete: z.boolean(),
  /** Looked at so far. */
  repositories: z.number(),
  /** How many there were the last time that it was through. */
  expected: z.number().optional(),
});

export type IndexState = z.infer<typeof schema>;

const name = 'content';

/** `undefined`: nobody has looked yet, or what is there can't be read. */
export async function readIndexState(db: Kysely<Schema>): Promise<IndexState | undefined> {
  const row = await db
    .selectFrom('index_state')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row && parse(row.value);
}

/** In a transaction, or in one of its own. */
export async function writeIndexState(db: Kysely<Schema>, state: IndexState): Promise<void> {
  const value = JSON.stringify(state);
  await transact(db, async (turn) => {
    await turn.deleteFrom('index_state').where('name', '=', name).execute();
    await turn.insertInto('index_state').values({name, value}).execute();
  });
}

function parse(text: string): IndexState | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
