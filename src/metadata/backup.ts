/** A backup is a file of SQLite's, whatever engine the accounts lie on; it is made while they are used. */
import {type Kysely, sql} from 'kysely';
import {copyTables, clearTables, type Counted, countRows, snapshotOf} from './copy-tables.ts';
import {type FileOptions, prepareFile, writeBackup} from './database-file.ts';
import {type DatabasePlace, openDatabase} from './database.ts';
import type {Schema} from './schema.ts';
import {SqliteThread} from './sqlite-thread.ts';

/** Through the library, which copies what is committed at one moment, and keeps nobody waiting. */
async function backUpFile(
  db: Kysely<Schema>,
  place: FileOptions,
  target: string,
): Promise<readonly Counted[]> {
  const {file} = place;
  if ((await prepareFile(place)).isOnNetwork) {
    // There this process alone has the file, on one connection.
    await sql`vacuum into ${target}`.execute(db);
  } else {
    const thread = new SqliteThread({file, exclusive: false});
    try {
      await thread.send({kind: 'backup', target});
    } finally {
      await thread.close();
    }
  }
  const copy = await openDatabase({file: target, allowNetworkFileSystem: true});
  try {
    return await countRows(copy.db);
  } finally {
    await copy.close();
  }
}

async function backUpServer(db: Kysely<Schema>, target: string): Promise<readonly Counted[]> {
  const copy = await openDatabase({file: target, allowNetworkFileSystem: true});
  try {
    return await snapshotOf(db, async (from) =>
      copy.db.transaction().execute(async (to) => {
        await clearTables(to);
        return copyTables(from, to);
      }),
    );
  } finally {
    await copy.close();
  }
}

/**
 * Makes the file (absolute), which must not be there, for its owner alone; whole and durable when it resolves. Answers what is in it. Rejects
 * with a MetadataError.
 */
export async function backUp(
  db: Kysely<Schema>,
  place: DatabasePlace,
  file: string,
): Promise<readonly Counted[]> {
  let counted: readonly Counted[] = [];
  await writeBackup(file, async (target) => {
    counted =
      'file' in place ? await backUpFile(db, place, target) : await backUpServer(db, target);
  });
  return counted;
}
