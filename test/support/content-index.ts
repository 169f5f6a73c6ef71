/** The index of content of a running server, as another process reads it, and the disk that it must agree with. */
import {once} from 'node:events';
import {readdir, readFile} from 'node:fs/promises';
import {type IncomingMessage, request} from 'node:http';
import path from 'node:path';
import {json} from 'node:stream/consumers';
import type {ExecutionContext} from 'ava';
import type {IndexAnswer} from '../../src/auth/administration/content-index.ts';
import {socketName, withShortPath} from '../../src/http/administration-socket.ts';
import type {Database} from '../../src/metadata/database.ts';
import {nameOf} from '../../src/metadata/content/path.ts';
import {isTag, type Tag} from '../../src/oci/tag.ts';
import {diskPath, filesBelow, keys} from './disk.ts';
import type {InProcess} from './in-process.ts';
import {until} from './raw-request.ts';
import {openSecondConnection} from './second-connection.ts';

type Place = Pick<InProcess, 'dataDir'>;

/** What a repository holds. */
export interface Held {
  /** The sha256 of the manifest that each tag points at. */
  readonly tags: Readonly<Record<string, string>>;
  /** Sorted. */
  readonly manifests: readonly string[];
}

type Holdings = Readonly<Record<string, Held>>;

/** Closes with the test. */
export function openIndexOf(t: ExecutionContext, {dataDir}: Place): Database['db'] {
  const {db, close} = openSecondConnection(path.join(dataDir, 'database/holdfast.db'));
  t.teardown(close);
  return db;
}

/** By what lies on the disk, read without any code of ours. */
export async function onDisk(place: Place): Promise<Holdings> {
  const holdings: Record<string, Held> = {};
  for (const name of await repositoriesBelow(place, '')) {
    const root = `${keys.repository(name)}/_manifests`;
    const tags: Record<string, string> = {};
    for (const file of await filesBelow(place, `${root}/tags`)) {
      const [tag = '', ...rest] = file.split('/');
      if (rest.join('/') === 'current/link')
        tags[tag] = await linkAt(place, `${root}/tags/${file}`);
    }
    const manifests = (await filesBelow(place, `${root}/revisions/sha256`))
      .filter((file) => file.endsWith('/link'))
      .map((file) => `sha256:${path.dirname(file)}`);
    holdings[name] = {tags, manifests: manifests.sort()};
  }
  return holdings;
}

const linkAt = async (place: Place, key: string): Promise<string> =>
  readFile(diskPath(place, key), 'utf8');

async function repositoriesBelow(place: Place, name: string): Promise<readonly string[]> {
  const root = diskPath(place, keys.repository(name));
  const entries = await readdir(root).catch((): string[] => []);
  const own = name !== '' && entries.includes('_manifests') ? [name] : [];
  const isFilled =
    own.length > 0 && (await filesBelow(place, `${keys.repository(name)}/_manifests`)).length > 0;
  const below = entries.filter((entry) => !entry.startsWith('_'));
  const inner = below.map(async (entry) =>
    repositoriesBelow(place, name === '' ? entry : `${name}/${entry}`),
  );
  return [...(isFilled ? own : []), ...(await Promise.all(inner)).flat()];
}

export async function inIndex(db: Database['db']): Promise<Holdings> {
  const tags = await db.selectFrom('tags').selectAll().execute();
  const revisions = await db.selectFrom('revisions_held').selectAll().execute();
  const repositories = await db.selectFrom('repositories').selectAll().execute();
  return Object.fromEntries(
    repositories.map(({path: own}): [string, Held] => {
      const ofTags = tags.filter((row) => row.path === own);
      const ofRevisions = revisions.filter((row) => row.path === own);
      return [
        nameOf(own),
        {
          tags: Object.fromEntries(ofTags.map(({name, digest}) => [name, digest])),
          manifests: ofRevisions.map(({digest}) => digest).sort(),
        },
      ];
    }),
  );
}

export const openChanges = async (db: Database['db']) =>
  db.selectFrom('outbox').selectAll().execute();

/** What an operation of the administration answers; `node`: of which one, where there are several on the directory. */
export async function operate(
  {dataDir}: Place,
  name: string,
  {input = {}, node = ''}: {readonly input?: object; readonly node?: string} = {},
): Promise<IndexAnswer> {
  return withShortPath(path.join(dataDir, 'run', node, socketName), async (socketPath) => {
    const asked = request({
      socketPath,
      method: 'POST',
      path: `/operations/${name.replace(' ', '/')}`,
      agent: false,
    });
    const answered = once(asked, 'response');
    asked.end(JSON.stringify(input));
    const [response] = (await answered) as [IncomingMessage];
    return (await json(response)) as IndexAnswer;
  });
}

/** Has the index compared with the storage; resolves when that is done. */
export async function compareNow(place: Place): Promise<IndexAnswer> {
  let answer = await operate(place, 'index rebuild');
  await until(async () => {
    answer = await operate(place, 'index status');
    return answer.running === undefined;
  });
  return answer;
}

/** Waits until all changes are in the index; then it has what the disk has, and nothing else. */
export async function requireAgreement(
  t: ExecutionContext,
  place: Place,
  db: Database['db'],
): Promise<void> {
  await until(async () => (await openChanges(db)).length === 0);
  const held = await inIndex(db);
  t.deepEqual(held, await onDisk(place));
  const orphans = async (table: 'tags' | 'revisions_held') => {
    const rows = await db.selectFrom(table).select('path').execute();
    return rows.filter((row) => held[nameOf(row.path)] === undefined);
  };
  t.deepEqual([...(await orphans('tags')), ...(await orphans('revisions_held'))], []);
  for (const row of await db.selectFrom('repositories').selectAll().execute()) {
    t.is(row.tag_count, Object.keys(held[nameOf(row.path)]?.tags ?? {}).length, row.path);
  }
}

export function parseTag(text: string): Tag {
  if (!isTag(text)) throw new TypeError(`${text} is no tag`);
  return text;
}
