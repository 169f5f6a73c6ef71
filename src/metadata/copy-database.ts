/** Moves accounts from one database to another, of whatever engines. */
import type {Kysely} from 'kysely';
import {clearTables, copyTables, type Counted, countRows, snapshotOf} from './copy-tables.ts';
import {requireFile} from './database-file.ts';
import {type DatabasePlace, openDatabase, patiently} from './database.ts';
import {MetadataError} from './metadata-error.ts';
import {titleOf} from './place.ts';
import {readRevision, setRevision} from './revisions.ts';
import type {Schema} from './schema.ts';

export interface CopyOptions {
  readonly from: DatabasePlace;
  readonly to: DatabasePlace;
  /** Whether accounts that the target holds may go. */
  readonly replace: boolean;
  /** Rows on their way, and how many there are. */
  readonly onRows?: (done: number, all: number) => void;
}

/**
 * What the source held at one moment, in one transaction of the target: all or nothing. Both are brought to the state of this version first.
 * Answers how many rows arrived; rejects with a MetadataError.
 */
export async function copyDatabase({
  from,
  to,
  replace,
  onRows = () => undefined,
}: CopyOptions): Promise<readonly Counted[]> {
  const title = titleOf(to);
  if (titleOf(from) === title) {
    throw new MetadataError('refused', `${title} is the source and the target`);
  }
  if ('file' in from) await requireFile(from.file);
  await using stack = new AsyncDisposableStack();
  const source = await openDatabase(from);
  stack.defer(source.close);
  const target = await openDatabase(to);
  stack.defer(target.close);
  const reading = async (read: Kysely<Schema>): Promise<readonly Counted[]> => {
    const all = (await countRows(read)).reduce((sum, {rows}) => sum + rows, 0);
    let done = 0;
    const writing = async (write: Kysely<Schema>): Promise<readonly Counted[]> => {
      // From here on nobody else changes it.
      await setRevision(write, (await readRevision(write)) + 1);
      const holder = write.selectFrom('users').select('id').limit(1);
      if (!replace && (await holder.executeTakeFirst())) {
        throw new MetadataError('refused', `${title} holds accounts: --replace deletes them`);
      }
      const former = await readRevision(write);
      await clearTables(write);
      const counted = await copyTables(read, write, {
        onRows: (rows) => {
          done += rows;
          onRows(done, all);
        },
      });
      await setRevision(write, Math.max(former, await readRevision(read)) + 1);
      return counted;
    };
    return patiently(target.db, to, async (slow) => slow.transaction().execute(writing));
  };
  return await patiently(source.db, from, async (slow) => snapshotOf(slow, reading));
}
