/** What goes, and what stays, when tags are deleted: a manifest without a tag stays on the disk until it is collected. */
import type {Kysely} from 'kysely';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import {inBatches} from '../batches.ts';
import type {Schema} from '../schema.ts';
import {heldAmong} from './held-manifests.ts';
import {pathOf} from './path.ts';
import {type ReferrerNode, readReferrerTree} from './referrer-tree.ts';

interface Target {
  readonly digest: Digest;
  readonly mediaType: string | undefined;
  /** Of the manifest itself, in bytes. */
  readonly size: number | undefined;
  /** Some of the other tags that point at it. */
  readonly tags: readonly string[];
  /** Indexes that stay and name it, some of them. */
  readonly indexes: readonly string[];
}

export interface Hanging {
  readonly subject: Digest;
  readonly node: ReferrerNode;
}

interface TagRemoval {
  /** By name; those that are not there are left out. */
  readonly tags: ReadonlyMap<string, Digest>;
  readonly targets: readonly Target[];
  /** Parts of indexes that lose their last tag, which nothing else leads to. */
  readonly children: readonly Digest[];
  /** What hangs on manifests that lose their last tag. */
  readonly referrers: readonly Hanging[];
  /** To which nothing leads any more. */
  readonly left: ReadonlySet<string>;
  readonly isComplete: boolean;
}

const mostNamed = 20;
const mostParts = 1000;
const mostReferrers = 500;

/** `names`: at most 100. */
export async function previewTagRemoval(
  db: Kysely<Schema>,
  repository: RepositoryName,
  names: readonly string[],
): Promise<TagRemoval> {
  const path = pathOf(repository);
  const rows = await db
    .selectFrom('tags')
    .select(['name', 'digest'])
    .where('path', '=', path)
    .where('name', 'in', names)
    .execute();
  const tags = new Map(rows.map(({name, digest}) => [name, digest as Digest]));
  // In the order of the names, as no engine promises one.
  const digests = [...new Set(names.flatMap((name) => tags.get(name) ?? []))];
  const others = await otherTags(db, path, digests, new Set(names));
  const parents = await indexesOf(db, path, digests);
  const going = new Set<string>(digests.filter((digest) => !others.has(digest)));
  // One that goes with the index that names it, and one that is named by what stays.
  for (let before = -1; before !== going.size;) {
    before = going.size;
    for (const digest of going) {
      if ((parents.get(digest) ?? []).some((each) => !going.has(each))) going.delete(digest);
    }
  }
  const parts = await childrenOf(db, path, going);
  const alone = digests.filter((each) => going.has(each));
  const {referrers, untagged, isComplete} = await hangingOn(db, repository, alone, new Set(names));
  const left = new Set([...going, ...parts.digests, ...untagged]);
  const facts = await factsOf(db, digests);
  const targets = digests.map((digest) => ({
    digest,
    mediaType: facts.get(digest)?.media_type,
    size: facts.get(digest)?.size,
    tags: others.get(digest) ?? [],
    indexes: (parents.get(digest) ?? []).filter((each) => !going.has(each)).slice(0, mostNamed),
  }));
  return {
    tags,
    targets,
    children: parts.digests,
    referrers,
    left,
    isComplete: isComplete && parts.isComplete,
  };
}

/** What hangs on these, and that of it to which no tags lead but those. */
export async function hangingOn(
  db: Kysely<Schema>,
  repository: RepositoryName,
  digests: readonly Digest[],
  names: ReadonlySet<string> = new Set(),
): Promise<{
  readonly referrers: readonly Hanging[];
  readonly untagged: readonly Digest[];
  readonly isComplete: boolean;
}> {
  const hanging: Hanging[] = [];
  let isComplete = true;
  for (const digest of digests) {
    const tree = await readReferrerTree(db, repository, digest);
    isComplete &&= tree.isComplete;
    hanging.push(...flat(tree.referrers).map((node) => ({subject: digest, node})));
  }
  isComplete &&= hanging.length <= mostReferrers;
  const referrers = hanging.slice(0, mostReferrers);
  const found = referrers.map(({node}) => node.digest);
  const tagged = await otherTags(db, pathOf(repository), found, names);
  return {referrers, untagged: found.filter((each) => !tagged.has(each)), isComplete};
}

const flat = (nodes: readonly ReferrerNode[]): readonly ReferrerNode[] =>
  nodes.flatMap((node) => [node, ...flat(node.referrers)]);

/** By digest: some of the tags that point there and are not among those. */
async function otherTags(
  db: Kysely<Schema>,
  path: string,
  digests: readonly string[],
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const digest of new Set(digests)) {
    const query = db.selectFrom('tags').select('name').where('path', '=', path);
    // In no order: an engine might look for the first ones through the whole repository.
    const rows = await query
      .where('digest', '=', digest)
      .limit(names.size + mostNamed)
      .execute();
    const others = rows.map(({name}) => name).filter((name) => !names.has(name));
    if (others.length > 0) found.set(digest, others.sort().slice(0, mostNamed));
  }
  return found;
}

/** By digest: the indexes of the repository that name it. */
async function indexesOf(
  db: Kysely<Schema>,
  path: string,
  digests: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const some of inBatches(digests)) {
    const rows = await db
      .selectFrom('manifest_contents')
      .select(['digest', 'manifest'])
      .distinct()
      .where('digest', 'in', some)
      .where('role', '=', 'child')
      .execute();
    const held = await heldAmong(
      db,
      path,
      rows.map(({manifest}) => manifest),
    );
    for (const {digest, manifest} of rows) {
      if (held.has(manifest)) found.set(digest, [...(found.get(digest) ?? []), manifest]);
    }
  }
  return found;
}

/** Parts of these to which no tag leads, and no index but these. */
export async function childrenOf(
  db: Kysely<Schema>,
  path: string,
  going: ReadonlySet<string>,
): Promise<{readonly digests: readonly Digest[]; readonly isComplete: boolean}> {
  if (going.size === 0) return {digests: [], isComplete: true};
  const rows = await db
    .selectFrom('manifest_contents')
    .select('digest')
    .distinct()
    .where('manifest', 'in', [...going])
    .where('role', '=', 'child')
    .limit(mostParts + 1)
    .execute();
  const named = rows.map(({digest}) => digest).filter((digest) => !going.has(digest));
  const held = [...(await heldAmong(db, path, named))];
  const tagged = await otherTags(db, path, held, new Set());
  const parents = await indexesOf(db, path, held);
  const digests = held.filter(
    (digest) => !tagged.has(digest) && (parents.get(digest) ?? []).every((each) => going.has(each)),
  );
  return {digests: digests.sort() as Digest[], isComplete: rows.length <= mostParts};
}

async function factsOf(db: Kysely<Schema>, digests: readonly string[]) {
  const rows =
    digests.length === 0
      ? []
      : await db
          .selectFrom('manifests')
          .select(['digest', 'media_type', 'size'])
          .where('digest', 'in', digests)
          .execute();
  return new Map(rows.map((row) => [row.digest, row]));
}
