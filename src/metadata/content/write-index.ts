/** Writes into the index what was seen in the storage. */
import type {Kysely} from 'kysely';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import {insertActivities, type NewActivity} from '../activities.ts';
import {inBatches, insertAll} from '../batches.ts';
import type {Schema} from '../schema.ts';
import type {Happening} from '../events/event.ts';
import {insertEvents} from '../events/log.ts';
import {transact} from '../transact.ts';
import {deleteOfPath} from './delete-of-path.ts';
import {type IndexState, writeIndexState} from './index-state.ts';
import {deleteChanges} from './outbox.ts';
import type {Difference, ManifestFacts, Pushed, RepositoryFacts} from './facts.ts';
import {wordRows} from './manifest-words.ts';
import {pathOf} from './path.ts';

interface Written {
  readonly repositories: readonly RepositoryFacts[];
  /** Of the outbox: done with. */
  readonly changes?: readonly string[];
  /** What is told of it. */
  readonly events?: readonly Happening[];
  readonly activities?: readonly NewActivity[];
  /** How far it is with this. */
  readonly state?: IndexState | undefined;
}

/** Everything or nothing, in one transaction; another process may have written the same meanwhile. */
export async function writeIndex(
  db: Kysely<Schema>,
  {repositories, changes = [], events = [], activities = [], state}: Written,
): Promise<void> {
  await transact(db, async (turn, attempt) => {
    await writeManifests(
      turn,
      repositories.flatMap(({manifests}) => manifests),
    );
    const removed = new Map<RepositoryName, number>();
    for (const facts of repositories) {
      const count = await forget(turn, facts, attempt > 1);
      removed.set(facts.repository, (removed.get(facts.repository) ?? 0) + count);
    }
    await insertHeld(turn, repositories);
    await summarize(turn, repositories, removed);
    await deleteChanges(turn, changes);
    if (state) await writeIndexState(turn, state);
    await insertActivities(turn, activities);
    await insertEvents(turn, events);
  });
}

/** Content of a digest never changes: what is known is not written again. */
async function writeManifests(
  db: Kysely<Schema>,
  manifests: readonly ManifestFacts[],
): Promise<void> {
  const known = await knownManifests(
    db,
    manifests.map(({digest}) => digest),
  );
  const fresh = [...new Map(manifests.map((facts) => [facts.digest, facts])).values()].filter(
    ({digest}) => !known.has(digest),
  );
  await insertAll(db, 'manifests', fresh.map(manifestRow));
  const contents = fresh.flatMap(({digest: manifest, contents: named}) =>
    named.map(({digest, role, mediaType, size}, position) => ({
      manifest,
      position,
      digest,
      role,
      media_type: mediaType,
      size,
    })),
  );
  await insertAll(db, 'manifest_contents', contents);
  const words = fresh.flatMap((facts) => wordRows(facts.digest, facts));
  await insertAll(db, 'manifest_words', words);
}

/** Which of these manifests are in the index. */
export async function knownManifests(
  db: Kysely<Schema>,
  digests: readonly Digest[],
): Promise<ReadonlySet<string>> {
  const known = new Set<string>();
  for (const some of inBatches(digests)) {
    const rows = await db
      .selectFrom('manifests')
      .select('digest')
      .where('digest', 'in', some)
      .execute();
    for (const {digest} of rows) known.add(digest);
  }
  return known;
}

function manifestRow(manifest: ManifestFacts) {
  const {contents, annotations, labels} = manifest;
  const blobs = new Map(
    contents.filter(({role}) => role !== 'child').map(({digest, size}) => [digest, size]),
  );
  return {
    digest: manifest.digest,
    media_type: manifest.mediaType,
    kind: manifest.kind,
    artifact_type: manifest.artifactType ?? null,
    size: manifest.size,
    content_size: [...blobs.values()].reduce((sum, size) => sum + size, 0),
    config_digest: contents.find(({role}) => role === 'config')?.digest ?? null,
    subject: manifest.subject ?? null,
    platform: manifest.platform ?? null,
    built_at: manifest.builtAt ?? null,
    annotations: jsonOf(annotations),
    labels: jsonOf(labels),
  };
}

const jsonOf = (map: Readonly<Record<string, string>>): string | null =>
  Object.keys(map).length === 0 ? null : JSON.stringify(map);

/** What is new needs no looking for what was there, unless that is doubted. Answers how many tags went. */
async function forget(
  db: Kysely<Schema>,
  {repository, exists, isWhole, tags, revisions}: RepositoryFacts,
  isDoubted: boolean,
): Promise<number> {
  const path = pathOf(repository);
  if (isWhole && !exists) {
    await deleteOfPath(db, 'tags', path);
    await deleteOfPath(db, 'revisions_held', path);
    return 0;
  }
  const formerOf = (differences: readonly Difference<string, unknown>[]): readonly string[] =>
    differences.filter(({state}) => isDoubted || state !== 'new').map(({key}) => key);
  let removed = 0;
  for (const names of inBatches(formerOf(tags))) {
    const {numDeletedRows} = await db
      .deleteFrom('tags')
      .where('path', '=', path)
      .where('name', 'in', names)
      .executeTakeFirst();
    removed += Number(numDeletedRows);
  }
  for (const digests of inBatches(formerOf(revisions))) {
    await db
      .deleteFrom('revisions_held')
      .where('path', '=', path)
      .where('digest', 'in', digests)
      .execute();
  }
  return removed;
}

async function insertHeld(
  db: Kysely<Schema>,
  repositories: readonly RepositoryFacts[],
): Promise<void> {
  const tags = repositories.flatMap(({repository, tags: found}) =>
    found.flatMap((tag) =>
      isGone(tag)
        ? []
        : [
            {
              path: pathOf(repository),
              name: tag.key,
              digest: tag.facts.digest,
              ...pushedRow(tag.facts.pushed),
            },
          ],
    ),
  );
  await insertAll(db, 'tags', tags);
  const held = repositories.flatMap(({repository, revisions}) =>
    revisions.flatMap((revision) =>
      isGone(revision)
        ? []
        : [{path: pathOf(repository), digest: revision.key, ...pushedRow(revision.facts)}],
    ),
  );
  await insertAll(db, 'revisions_held', held);
}

const pushedRow = ({at, by}: Pushed) => ({pushed_at: at, pushed_by: by ?? null});

/** What a list of repositories shows of each. Tags are counted where that is little work: a push must not cost as much as its repository has tags. */
async function summarize(
  db: Kysely<Schema>,
  repositories: readonly RepositoryFacts[],
  removed: ReadonlyMap<RepositoryName, number>,
): Promise<void> {
  const gone = repositories.filter(({exists}) => !exists).map(toPath);
  for (const paths of inBatches(gone)) {
    await db.deleteFrom('repositories').where('path', 'in', paths).execute();
  }
  const known = new Map<RepositoryName, RepositoryFacts[]>();
  const fresh = new Map<RepositoryName, RepositoryFacts[]>();
  for (const facts of repositories) {
    if (!facts.exists) continue;
    const map = facts.isNew ? fresh : known;
    map.set(facts.repository, [...(map.get(facts.repository) ?? []), facts]);
  }
  const lost: RepositoryName[] = [];
  for (const [repository, parts] of known) {
    const set = parts.flatMap(({tags}) => tags.flatMap((tag) => (isGone(tag) ? [] : [tag.facts])));
    const count = set.length - (removed.get(repository) ?? 0);
    const latest = set.reduce((last, {pushed}) => Math.max(last, pushed.at), 0);
    if (!(await change(db, repository, {count, latest}))) lost.push(repository);
  }
  await insertRepositories(db, [...fresh.keys(), ...lost].map(pathOf));
}

async function change(
  db: Kysely<Schema>,
  repository: RepositoryName,
  {count, latest}: {readonly count: number; readonly latest: number},
): Promise<boolean> {
  const path = pathOf(repository);
  const {numUpdatedRows} = await db
    .updateTable('repositories')
    .set((eb) => ({tag_count: eb('tag_count', '+', count)}))
    .where('path', '=', path)
    .executeTakeFirst();
  if (latest > 0) {
    await db
      .updateTable('repositories')
      .set({pushed_at: latest})
      .where('path', '=', path)
      .where((eb) => eb.or([eb('pushed_at', 'is', null), eb('pushed_at', '<', latest)]))
      .execute();
  }
  return numUpdatedRows > 0n;
}

async function insertRepositories(
  db: Kysely<Schema>,
  repositories: readonly string[],
): Promise<void> {
  for (const paths of inBatches(repositories)) {
    const counts = await db
      .selectFrom('tags')
      .select((eb) => [
        'path',
        eb.fn.countAll<number>().as('tag_count'),
        eb.fn.max('pushed_at').as('pushed_at'),
      ])
      .where('path', 'in', paths)
      .groupBy('path')
      .execute();
    const found = new Map(counts.map((row) => [row.path, row]));
    // Another process may have found it first.
    await db.deleteFrom('repositories').where('path', 'in', paths).execute();
    const rows = paths.map((path) => found.get(path) ?? {path, tag_count: 0, pushed_at: null});
    await insertAll(db, 'repositories', rows);
  }
}

const toPath = ({repository}: RepositoryFacts): string => pathOf(repository);

const isGone = <Key, Facts>(
  difference: Difference<Key, Facts>,
): difference is Extract<Difference<Key, Facts>, {readonly state: 'gone'}> =>
  difference.state === 'gone';
