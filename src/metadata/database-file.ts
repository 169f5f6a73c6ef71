/** The file of the database, and the copies of it: secret, and where locks hold. */
import {randomBytes} from 'node:crypto';
import {constants, copyFile} from 'node:fs/promises';
import {access, chmod, chown, mkdir, open, rename, rm, stat, statfs} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {makeDirectory, publish, secretMode, syncDirectory} from '../host/durable-file.ts';
import {errorCode} from '../host/error-code.ts';
import {tryHostLock} from '../host/host-lock.ts';
import {copyContent, removeAbandoned} from '../host/passed-file.ts';
import {MetadataError} from './metadata-error.ts';

/** The numbers that statfs(2) gives. */
const networkTypes: ReadonlySet<number> = new Set([
  0x69_69, // NFS
  0xff_53_4d_42, // CIFS
  0xfe_53_4d_42, // SMB 2 and 3
  0x51_7b, // SMB 1
  0x01_02_19_97, // 9P
  0x00_c3_64_00, // Ceph
  0x53_46_41_4f, // AFS
  0x0b_d0_0b_d0, // Lustre
  0x47_50_46_53, // GPFS
]);

export const isNetworkFileSystem = (type: number): boolean => networkTypes.has(type);

type FileSystemType = (directory: string) => Promise<number>;

const fileSystemTypeOf: FileSystemType = async (directory) => (await statfs(directory)).type;

export interface FileOptions {
  /** Absolute. */
  readonly file: string;
  readonly allowNetworkFileSystem?: boolean;
  /** What a test may steer. */
  readonly fileSystemType?: FileSystemType;
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    },
  );

async function makeSecretDirectory(directory: string): Promise<void> {
  if (await isThere(directory)) return;
  await makeDirectory(directory, {mode: 0o700});
  // A command run by root must leave what the server's user can use.
  if (process.getuid?.() === 0) {
    const {uid, gid} = await stat(dirname(directory));
    await chown(directory, uid, gid);
  }
}

/**
 * Makes the file with its directory, empty, mode 0600, unless it is there. Never opens one that is: to close it again would free the locks that SQLite
 * has on it in this process.
 */
async function prepare(file: string): Promise<void> {
  await makeSecretDirectory(dirname(file));
  if (!(await isThere(file))) await publish(file, '', secretMode);
  await access(file, constants.R_OK | constants.W_OK);
  const found = await stat(file);
  if (!found.isFile()) throw new MetadataError('refused', `${file} is no file`);
  if ((found.mode & 0o077) !== 0) {
    throw new MetadataError(
      'refused',
      `${file} holds secrets, and other users than its owner may use it: chmod 600 ${file}`,
    );
  }
}

/** Rejects with a MetadataError where it can't be used. */
export async function prepareFile({
  file,
  allowNetworkFileSystem = false,
  fileSystemType = fileSystemTypeOf,
}: FileOptions): Promise<{readonly isOnNetwork: boolean}> {
  const isOnNetwork = await named(file, async () => {
    await prepare(file);
    return isNetworkFileSystem(await fileSystemType(dirname(file)));
  });
  if (!isOnNetwork || allowNetworkFileSystem) return {isOnNetwork};
  throw new MetadataError(
    'refused',
    `${file} would lie on a network file system, where its locks may not hold: set metadata.file to a local path, ` +
      'or metadata.allowNetworkFileSystem if one host alone has it mounted',
  );
}

/** Writes a copy beside the file: whole, durable and secret under its name, in place of an older one. */
export async function keepCopy(
  file: string,
  name: string,
  write: (target: string) => Promise<void>,
): Promise<string> {
  const copy = `${file}.${name}`;
  await writeWhole(copy, write);
  return copy;
}

/** A file that others may not read, and that has its name when it is whole and durable. */
async function writeWhole(copy: string, write: (target: string) => Promise<void>): Promise<void> {
  const staged = `${copy}.partial`;
  await removeWithCompanions(staged);
  await publish(staged, '', secretMode);
  await write(staged);
  const handle = await open(staged, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(staged, copy);
  await syncDirectory(dirname(copy));
}

/** With what SQLite lays beside it. */
async function removeWithCompanions(file: string): Promise<void> {
  for (const end of ['', '-wal', '-shm', '-journal']) await rm(file + end, {force: true});
}

/** One that is read must be there: else a new one would be made. */
export async function requireFile(file: string): Promise<void> {
  await named(file, async () => {
    await stat(file);
  });
}

/** Of a file that somebody names. Rejects with a MetadataError where it is there already, or can't be written. */
export async function writeBackup(
  file: string,
  write: (target: string) => Promise<void>,
): Promise<void> {
  await named(file, async () => {
    if (await isThere(file)) {
      throw new MetadataError('refused', `${file} is there already: name another file`);
    }
    try {
      await writeWhole(file, write);
    } catch (error) {
      await removeWithCompanions(`${file}.partial`);
      throw error;
    }
  });
}

/** A copy of a backup as the file, which nobody has open; one that is there gets another name, with what SQLite has laid beside it. */
export async function layFile(from: string, file: string, aside: string): Promise<void> {
  await named(file, async () => {
    await makeSecretDirectory(dirname(file));
    for (const end of ['', '-wal', '-shm', '-journal']) {
      if (await isThere(file + end)) await rename(file + end, `${file}.${aside}${end}`);
    }
    // By content: the copy is that of whoever has the directory.
    await writeWhole(file, async (target) => copyContent(from, target));
  });
}

const signature = 'SQLite format 3\0';

/** Lends a copy of a file for a while, in a directory of ours: what is done to it is not done to the file. */
export async function withCopy<T>(
  file: string,
  directory: string,
  work: (copy: string) => Promise<T>,
): Promise<T> {
  // Short enough for the name of a lock.
  const owner = `restore-${randomBytes(8).toString('hex')}`;
  const own = join(directory, owner);
  const release = await named(directory, async () => {
    await removeAbandoned(directory, /^(restore-[\da-f]{16})$/);
    return tryHostLock(directory, owner);
  });
  try {
    await named(file, async () => {
      const found = await stat(file);
      const log = await stat(`${file}-wal`).catch(() => undefined);
      if (!found.isFile() || !(await beginsWith(file, signature))) {
        throw new MetadataError('refused', `${file} is no backup, and no database of SQLite's`);
      }
      if (log !== undefined && log.size > 0) {
        throw new MetadataError(
          'refused',
          `${file} is in use, or was not closed (${file}-wal has changes): make a backup of it`,
        );
      }
      await mkdir(own, {mode: 0o700});
      await copyFile(file, join(own, 'copy.db'), constants.COPYFILE_EXCL);
      await chmod(join(own, 'copy.db'), secretMode);
    });
    return await work(join(own, 'copy.db'));
  } finally {
    await rm(own, {recursive: true, force: true});
    release?.();
  }
}

async function beginsWith(file: string, text: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const {buffer, bytesRead} = await handle.read(Buffer.alloc(text.length));
    return buffer.subarray(0, bytesRead).toString('latin1') === text;
  } finally {
    await handle.close();
  }
}

/** Errors of the system become ones that name the file. */
async function named<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MetadataError) throw error;
    const code = errorCode(error) ?? 'error';
    const kind = code === 'EROFS' ? 'read-only' : code === 'ENOSPC' ? 'full' : 'unavailable';
    throw new MetadataError(kind, `${file} can't be used (${code})`, {cause: error});
  }
}

/** The path of a copy of that name, if it is there. */
export async function findCopy(file: string, name: string): Promise<string | undefined> {
  const copy = `${file}.${name}`;
  return (await isThere(copy)) ? copy : undefined;
}
