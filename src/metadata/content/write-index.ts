/** Writes into the index what was seen in the storage. */
import type {Kysely} from 'kysely';
import type {Digest} from '../../oci/digest.ts';
import {isUniqueViolation} from '../dialect.ts';
import type {Schema} from '../schema.ts';
import {deleteChanges} from './outbox.ts';
import type {Difference, ManifestFacts, Pushed, RepositoryFacts} from './facts.ts';
import {pathOf} from './path.ts';

/** Rows of one statement: every engine has a bound for its parameters. */
const rowsAtOnce = 500;

interface Written {
  readonly repositories: readonly RepositoryFacts[];
  /** Of the outbox: done with. */
  readonly changes?: readonly string[];
}

/** Another process may have written the same meanwhile. */
const mostAttempts = 3;

/** Everything or nothing, in one transaction. */
export async function writeIndex(db: Kysely<Schema>, written: Written): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await writeOnce(db, written, attempt > 1);
      return;
    } catch (error) {
      if (!isUniqueViolation(error) || attempt === mostAttempts) throw error;
    }
  }
}

async function writeOnce(
  db: Kysely<Schema>,
  {repositories, changes = []}: Written,
  isDoubted: boolean,
): Promise<void> {
  await db.transaction().execute(async (turn) => {
    await writeManifests(
      turn,
      repositories.flatMap(({manifests}) => manifests),
    );
    for (const facts of repositories) await forget(turn, facts, isDoubted);
    await insertHeld(turn, repositories);
    await summarize(turn, repositories);
    await deleteChanges(turn, changes);
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
  for (const rows of inBatches(fresh.map(manifestRow))) {
    await db.insertInto('manifests').values(rows).execute();
  }
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
  for (const rows of inBatches(contents)) {
    await db.insertInto('manifest_contents').values(rows).execute();
  }
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

/** What is new needs no looking for what was there, unless that is doubted. */
async function forget(
  db: Kysely<Schema>,
  {repository, tags, revisions}: RepositoryFacts,
  isDoubted: boolean,
): Promise<void> {
  const formerOf = (differences: readonly Difference<string, unknown>[]): readonly string[] =>
    differences.filter(({state}) => isDoubted || state !== 'new').map(({key}) => key);
  const path = pathOf(repository);
  for (const names of inBatches(formerOf(tags))) {
    await db.deleteFrom('tags').where('path', '=', path).where('name', 'in', names).execute();
  }
  for (const digests of inBatches(formerOf(revisions))) {
    await db
      .deleteFrom('revisions_held')
      .where('path', '=', path)
      .where('digest', 'in', digests)
      .execute();
  }
}

async function insertHeld(
  db: Kysely<Schema>,
  repositories: readonly RepositoryFacts[],
): Promise<void> {
  const tags = repositories.flatMap(({repository, tags: found}) =>
    found.flatMap((tag) =>
      tag.state === 'gone'
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
  for (const rows of inBatches(tags)) await db.insertInto('tags').values(rows).execute();
  const held = repositories.flatMap(({repository, revisions}) =>
    revisions.flatMap((revision) =>
      revision.state === 'gone'
        ? []
        : [{path: pathOf(repository), digest: revision.key, ...pushedRow(revision.facts)}],
    ),
  );
  for (const rows of inBatches(held)) await db.insertInto('revisions_held').values(rows).execute();
}

const pushedRow = ({at, by}: Pushed) => ({pushed_at: at, pushed_by: by ?? null});

/** What a list of repositories shows of each. */
async function summarize(
  db: Kysely<Schema>,
  repositories: readonly RepositoryFacts[],
): Promise<void> {
  const isThere = new Map(repositories.map(({repository, exists}) => [pathOf(repository), exists]));
  for (const paths of inBatches([...isThere.keys()])) {
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
    await db.deleteFrom('repositories').where('path', 'in', paths).execute();
    const rows = paths
      .filter((path) => isThere.get(path) === true)
      .map((path) => found.get(path) ?? {path, tag_count: 0, pushed_at: null});
    if (rows.length > 0) await db.insertInto('repositories').values(rows).execute();
  }
}

function* inBatches<T>(items: readonly T[]): Generator<T[]> {
  for (let at = 0; at < items.length; at += rowsAtOnce) yield items.slice(at, at + rowsAtOnce);
}
