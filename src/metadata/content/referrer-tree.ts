/** What hangs on a manifest, and on that, and so on. */
import type {Kysely} from 'kysely';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import {cosignTags, type ReferrerKind, referrerKind} from '../../oci/referrer-kind.ts';
import {inBatches} from '../batches.ts';
import type {Schema} from '../schema.ts';
import {pathOf} from './path.ts';
import {stringsOf} from './stored-strings.ts';

export interface ReferrerNode {
  readonly digest: Digest;
  readonly kind: ReferrerKind;
  /** Of cosign's, which says so in place of a subject. */
  readonly tag: string | undefined;
  readonly mediaType: string;
  readonly artifactType: string | undefined;
  /** Of the manifest and of what it names, in bytes. */
  readonly size: number;
  readonly pushedAt: number;
  readonly annotations: Readonly<Record<string, string>>;
  /** The newest first. */
  readonly referrers: readonly ReferrerNode[];
}

interface ReferrerTree {
  readonly referrers: readonly ReferrerNode[];
  /** False: there is more, or may be. */
  readonly isComplete: boolean;
}

/** A leaf, until its own are known. */
interface Found extends ReferrerNode {
  readonly subject: string;
  readonly referrers: Found[];
}

const mostDeep = 5;
const mostNodes = 500;

/** Level by level. What was seen once does not come again: tags may lead in a circle. */
export async function readReferrerTree(
  db: Kysely<Schema>,
  repository: RepositoryName,
  root: Digest,
): Promise<ReferrerTree> {
  const path = pathOf(repository);
  const top: Found[] = [];
  const known = new Map<string, Found[]>([[root, top]]);
  let level: readonly Digest[] = [root];
  let isComplete = true;
  for (let deep = 0; level.length > 0; deep += 1) {
    const found = [...(await hanging(db, path, level)), ...(await tagged(db, path, level))]
      .filter(({digest}) => !known.has(digest))
      .sort((one, other) => other.pushedAt - one.pushedAt || (one.digest < other.digest ? -1 : 1));
    const room = deep < mostDeep ? mostNodes - known.size + 1 : 0;
    isComplete &&= found.length <= room;
    const next: Digest[] = [];
    for (const node of found.slice(0, room)) {
      if (known.has(node.digest)) continue;
      known.get(node.subject)?.push(node);
      known.set(node.digest, node.referrers);
      next.push(node.digest);
    }
    if (!isComplete) break;
    level = next;
  }
  return {referrers: top, isComplete};
}

/** Those whose subject is one of these. */
async function hanging(
  db: Kysely<Schema>,
  path: string,
  subjects: readonly Digest[],
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const some of inBatches(subjects)) {
    // One more than is shown: so it is known whether there are more.
    const rows = await rowsOf(db)
      .where('subject', 'in', some)
      .orderBy('digest')
      .limit(mostNodes + 1)
      .execute();
    const pushed = await pushTimes(
      db,
      path,
      rows.map(({digest}) => digest),
    );
    for (const row of rows) {
      const at = pushed.get(row.digest);
      if (at === undefined || row.subject === null) continue;
      const annotations = stringsOf(row.annotations);
      const kind = referrerKind(row.artifact_type ?? undefined, annotations);
      found.push(toNode(row, {subject: row.subject, kind, tag: undefined, at}));
    }
  }
  return found;
}

/** Those that a tag of cosign's ties to one of these. */
async function tagged(
  db: Kysely<Schema>,
  path: string,
  subjects: readonly Digest[],
): Promise<readonly Found[]> {
  const ties = new Map(
    subjects.flatMap((subject) =>
      cosignTags(subject).map(([tag, kind]) => [tag, {subject, kind}] as const),
    ),
  );
  const found: Found[] = [];
  for (const names of inBatches([...ties.keys()])) {
    const tags = await db
      .selectFrom('tags')
      .select(['name', 'digest', 'pushed_at'])
      .where('path', '=', path)
      .where('name', 'in', names)
      .execute();
    if (tags.length === 0) continue;
    const digests = [...new Set(tags.map(({digest}) => digest))];
    const rows = await rowsOf(db).where('digest', 'in', digests).execute();
    const byDigest = new Map(rows.map((row) => [row.digest, row]));
    for (const {name, digest, pushed_at: at} of tags) {
      const row = byDigest.get(digest);
      const tie = ties.get(name);
      if (row && tie) found.push(toNode(row, {...tie, tag: name, at}));
    }
  }
  return found;
}

const rowsOf = (db: Kysely<Schema>) =>
  db
    .selectFrom('manifests')
    .select([
      'digest',
      'subject',
      'media_type',
      'artifact_type',
      'size',
      'content_size',
      'annotations',
    ]);

async function pushTimes(
  db: Kysely<Schema>,
  path: string,
  digests: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  for (const some of inBatches(digests)) {
    const rows = await db
      .selectFrom('revisions_held')
      .select(['digest', 'pushed_at'])
      .where('path', '=', path)
      .where('digest', 'in', some)
      .execute();
    for (const {digest, pushed_at: at} of rows) times.set(digest, at);
  }
  return times;
}

type Row = Awaited<ReturnType<ReturnType<typeof rowsOf>['execute']>>[number];

const toNode = (
  row: Row,
  {at, ...tie}: Pick<Found, 'subject' | 'kind' | 'tag'> & {readonly at: number},
): Found => ({
  ...tie,
  digest: row.digest as Digest,
  mediaType: row.media_type,
  artifactType: row.artifact_type ?? undefined,
  size: row.size + row.content_size,
  pushedAt: at,
  annotations: stringsOf(row.annotations),
  referrers: [],
});
