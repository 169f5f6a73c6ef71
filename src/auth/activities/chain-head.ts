/**
 * The number and hash of the last seal, beside the keys and not in the database: whoever has the database alone can't cut off the end of the chain
 * unseen.
 */
import {join} from 'node:path';
import {z} from 'zod';
import {prepareReplacement, secretMode} from '../../host/durable-file.ts';
import {withHostLock} from '../../host/host-lock.ts';
import {readLastSeal, readSeal} from '../../metadata/activity-seals.ts';
import type {Database} from '../../metadata/database.ts';
import {readIfThere} from '../../tls/read-text.ts';

const schema = z.strictObject({
  number: z.int().min(0),
  hash: z.string().max(64),
  /** When a backup was put back, and the chain became that of the backup. */
  restarts: z
    .array(z.strictObject({at: z.iso.datetime(), from: z.int(), to: z.int()}))
    .max(100)
    .default([]),
});

export type Head = z.output<typeof schema>;

const pathOf = (directory: string): string => join(directory, 'activity-head.json');

/** `undefined`: nothing was sealed yet. Rejects where it can't be read, or is damaged. */
export async function readHead(directory: string): Promise<Head | undefined> {
  const path = pathOf(directory);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`${path} is damaged: put an undamaged copy of it there`, {cause: error});
  }
}

async function write(directory: string, head: Head): Promise<void> {
  const text = `${JSON.stringify(head, undefined, 2)}\n`;
  await (await prepareReplacement(pathOf(directory), text, secretMode)).commit();
}

/**
 * Moves it on to the last seal in the database, if that one's chain has the former head in it. False: it has not, somebody has changed it; then the head
 * stays, so that it is found as long as nobody has looked into it.
 */
export async function advanceHead(db: Database['db'], directory: string): Promise<boolean> {
  return withHostLock(directory, async () => {
    const head = await readHead(directory);
    const last = await readLastSeal(db);
    if (head && !(await holds(db, head))) return false;
    if (last && last.number > (head?.number ?? 0)) {
      const {number, hash} = last;
      await write(directory, {number, hash, restarts: head?.restarts ?? []});
    }
    return true;
  });
}

/** Whether the chain in the database has that seal in it still, or one that stands for it: its rows are too old by now. */
export async function holds(db: Database['db'], {number, hash}: Head): Promise<boolean> {
  if (number === 0) return true;
  const seal = await readSeal(db, number);
  if (seal) return seal.hash === hash;
  const last = await readLastSeal(db);
  return last !== undefined && last.number > number;
}

/** After a backup was put back: its chain is the one that counts, and that is noted. */
export async function restartHead(db: Database['db'], directory: string, now: Date): Promise<void> {
  await withHostLock(directory, async () => {
    const former = await readHead(directory);
    const last = await readLastSeal(db);
    if (!former && !last) return;
    const restart = {at: now.toISOString(), from: former?.number ?? 0, to: last?.number ?? 0};
    const restarts = [...(former?.restarts ?? []), restart].slice(-100);
    await write(directory, {number: last?.number ?? 0, hash: last?.hash ?? '', restarts});
  });
}
