/** The database of a whole backup, into a place of its own. */
import {randomUUID} from 'node:crypto';
import {copyDatabase} from './copy-database.ts';
import {layFile, withCopy} from './database-file.ts';
import {type DatabasePlace, openDatabase} from './database.ts';
import {MetadataError} from './metadata-error.ts';
import {titleOf} from './place.ts';

/** Before anything is put anywhere. Rejects with a MetadataError, also where it can't be opened. */
export async function requireWithoutAccounts(place: DatabasePlace): Promise<void> {
  const {db, close} = await openDatabase(place);
  try {
    const account = await db.selectFrom('users').select('id').limit(1).executeTakeFirst();
    if (!account) return;
    throw new MetadataError('refused', `${titleOf(place)} holds accounts: name an empty database`);
  } finally {
    await close();
  }
}

/**
 * `file`: absolute, of SQLite's. `directory`: for a copy of it. A file that is there is put aside, what a server holds goes. Durable when it resolves; rejects
 * with a MetadataError.
 */
export async function putBackDatabase(
  file: string,
  place: DatabasePlace,
  {directory, replace}: {readonly directory: string; readonly replace: boolean},
): Promise<void> {
  if ('file' in place) {
    await layFile(file, place.file, `before-restore-${randomUUID()}`);
    return;
  }
  await withCopy(file, directory, async (copy) =>
    copyDatabase({from: {file: copy, allowNetworkFileSystem: true}, to: place, replace}),
  );
}
