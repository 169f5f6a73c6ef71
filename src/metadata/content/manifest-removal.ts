/** What goes with a manifest that is deleted, and what loses it. */
import type {Kysely} from 'kysely';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Schema} from '../schema.ts';
import {type HeldManifest, readHeldManifest} from './held-manifest.ts';
import {pathOf} from './path.ts';
import {childrenOf, type Hanging, hangingOn} from './tag-removal.ts';

interface ManifestRemoval extends Pick<HeldManifest, 'tags' | 'tagCount' | 'indexes'> {
  /** Parts of it to which nothing else leads. */
  readonly children: readonly Digest[];
  readonly referrers: readonly Hanging[];
  /** It, and that to which nothing leads any more. */
  readonly left: ReadonlySet<string>;
  readonly isComplete: boolean;
}

/** `undefined`: the repository does not have it. */
export async function previewManifestRemoval(
  db: Kysely<Schema>,
  repository: RepositoryName,
  digest: Digest,
): Promise<ManifestRemoval | undefined> {
  const held = await readHeldManifest(db, repository, digest);
  if (!held) return undefined;
  const path = pathOf(repository);
  const parts = await childrenOf(db, path, new Set([digest]));
  const {referrers, untagged, isComplete} = await hangingOn(db, repository, [digest]);
  return {
    tags: held.tags,
    tagCount: held.tagCount,
    indexes: held.indexes,
    children: parts.digests,
    referrers,
    left: new Set([digest, ...parts.digests, ...untagged]),
    isComplete: isComplete && parts.isComplete,
  };
}
