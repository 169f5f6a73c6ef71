/** The file of SQLite's with which a first start begins, but with every migration done: a thousand tests would do them again, each for itself. */
import {createHash, randomUUID} from 'node:crypto';
import {mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {migrateDatabase} from '../../src/metadata/database.ts';
import {projectRoot} from './project-root.ts';

const cache = join(projectRoot, 'node_modules/.cache/holdfast');
/** Whatever the tables may come from; the packages as npm has noted them. */
const sources = ['src/metadata', 'src/host'];
const packages = 'node_modules/.package-lock.json';

/** Lays it where nothing is yet, with its directory. */
export async function layMigratedDatabase(file: string): Promise<void> {
  await mkdir(dirname(file), {recursive: true, mode: 0o700});
  await writeFile(file, await (content ??= prepared()), {flag: 'wx', mode: 0o600});
}

let content: Promise<Buffer> | undefined;

/** Of another run, where nothing has changed since. Several may make it at once: each puts a whole file in its place. */
async function prepared(): Promise<Buffer> {
  const name = `migrated-${await stateOfSources()}.db`;
  const file = join(cache, name);
  const kept = await readFile(file).catch(() => undefined);
  if (kept) return kept;
  await mkdir(cache, {recursive: true});
  const own = join(cache, `migrating-${randomUUID()}`);
  try {
    await migrateDatabase({file: join(own, 'holdfast.db')});
    const made = await readFile(join(own, 'holdfast.db'));
    await rename(join(own, 'holdfast.db'), file);
    const former = (await readdir(cache)).filter((other) => /^migrated-.*\.db$/.test(other));
    for (const other of former) if (other !== name) await rm(join(cache, other), {force: true});
    return made;
  } finally {
    await rm(own, {recursive: true, force: true});
  }
}

async function stateOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const names = [packages];
  for (const source of sources) {
    const below = await readdir(join(projectRoot, source), {recursive: true});
    names.push(...below.filter((name) => name.endsWith('.ts')).map((name) => join(source, name)));
  }
  for (const name of names.sort()) {
    const bytes = await readFile(join(projectRoot, name)).catch(() => Buffer.alloc(0));
    hash.update(`${name}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 32);
}
