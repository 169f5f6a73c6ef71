/** An index of content as a large registry has it, without the content. */
import {createHash} from 'node:crypto';
import BetterSqlite3 from 'better-sqlite3';
import {writeIndexState} from '../src/metadata/content/index-state.ts';
import {openDatabase} from '../src/metadata/database.ts';
import type {Digest} from '../src/oci/digest.ts';
import type {RepositoryName} from '../src/oci/name.ts';

export interface Size {
  readonly repositories: number;
  readonly perRepository: number;
}

export const namespaces = 1000;
const layersOfEach = 4;
/** Layers that many images share, as those of a base image. */
const bases = 200;

/** From the command line: how many repositories and tags, by default 100,000 and 1,000,000. */
export function readSize(args: readonly string[]): Size {
  const [repositories = 100_000, tags = 1_000_000] = args.map(Number);
  return {repositories, perRepository: Math.max(1, Math.floor(tags / repositories))};
}

const digestOf = (text: string): Digest =>
  `sha256:${createHash('sha256').update(text).digest('hex')}` as Digest;
export const nameOf = (at: number): RepositoryName =>
  `team-${at % namespaces}/service-${at}` as RepositoryName;
export const tagOf = (at: number): string => `v1.${at}`;
export const manifestOf = (at: number, tag: number): Digest => digestOf(`${at} ${tag}`);

/** A new database in that file. In bulk: as the server writes it, it would take an hour. */
export async function fill(file: string, {repositories, perRepository}: Size): Promise<void> {
  const {db, close} = await openDatabase({file});
  const now = Date.now();
  await writeIndexState(db, {startedAt: now, finishedAt: now, isComplete: true, repositories});
  await close();
  const database = new BetterSqlite3(file);
  database.pragma('journal_mode = off');
  database.pragma('synchronous = off');
  database.pragma('cache_size = -1000000');
  database.function('digest', (text) => digestOf(String(text)));
  const count = {repositories, tags: perRepository, layers: layersOfEach};
  const path = `'team-' || (r.n % ${namespaces}) || '!service-' || r.n`;
  const manifest = `digest(r.n || ' ' || t.n)`;
  const layer = `case l.n when 0 then digest('base ' || (r.n % ${bases})) else digest(r.n || ' ' || t.n || ' ' || l.n) end`;
  const ofTags = 'from number r, number t where r.n < @repositories and t.n < @tags';
  database.exec('create temp table number (n integer primary key)');
  const most = Math.max(repositories, perRepository, layersOfEach);
  database.exec(
    `insert into number with recursive c(n) as (select 0 union all select n + 1 from c where n < ${most}) select n from c`,
  );
  for (const statement of [
    `insert into repositories (path, tag_count, pushed_at) select ${path}, @tags, r.n from number r where r.n < @repositories`,
    `insert into tags (path, name, digest, pushed_at) select ${path}, 'v1.' || t.n, ${manifest}, r.n ${ofTags}`,
    `insert into revisions_held (path, digest, pushed_at) select ${path}, ${manifest}, r.n ${ofTags}`,
    `insert into manifests (digest, media_type, kind, size, content_size, platform) select ${manifest}, 'application/vnd.oci.image.manifest.v1+json', 'image', 1000, 4000000, 'linux/amd64' ${ofTags}`,
    `insert into manifest_contents (manifest, position, digest, role, media_type, size) select ${manifest}, l.n, ${layer}, 'layer', 'application/vnd.oci.image.layer.v1.tar+gzip', 1000000 from number r, number t, number l where r.n < @repositories and t.n < @tags and l.n < @layers`,
    `insert into manifest_words (manifest, position, name, value) select ${manifest}, 0, 'all', 'yes' ${ofTags}`,
    `insert into manifest_words (manifest, position, name, value) select ${manifest}, 1, 'team', 'team-' || (r.n % ${namespaces}) ${ofTags}`,
  ]) {
    database.prepare(statement).run(pick(statement, count));
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  database.close();
}

/** A statement is given what it names, and nothing else. */
const pick = (statement: string, values: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(values).filter(([name]) => statement.includes(`@${name}`)));
