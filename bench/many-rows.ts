/** A registry of which every list has a great many rows: accounts, teams, namespaces, robots, repositories, activities, and the tags of one repository. */
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import {fillHouse, names, password} from './large-house.ts';
import {fill, nameOf} from './large-index.ts';
import {startOwnServer} from './own-server.ts';

/** Which everybody may see, and which has a tag for each row. */
export const large = nameOf(1).replace('/', '~');

/** Runs `work` while the registry serves at `url`. */
export async function withManyRows(
  rows: number,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
  try {
    const data = path.join(directory, 'data');
    const file = path.join(data, 'database/holdfast.db');
    await mkdir(path.dirname(file), {recursive: true, mode: 0o700});
    await fill(file, {repositories: rows, perRepository: 1});
    await fillHouse(file, rows);
    const database = new BetterSqlite3(file);
    database.exec(
      `insert into tags (path, name, digest, pushed_at) select '${nameOf(1).replace('/', '!')}', 'v2.' || t.rowid, t.digest, t.rowid from tags t`,
    );
    database.close();
    const env = {HOLDFAST_INDEX_RECONCILE_INTERVAL: '24h'};
    const server = await startOwnServer(directory, env, {name: names.admin, password});
    try {
      await work(server.url);
    } finally {
      await server.stop();
    }
  } finally {
    await rm(directory, {recursive: true});
  }
}
