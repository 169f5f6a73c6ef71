/** What the index knows of one manifest and those around it. */
import type {Kysely} from 'kysely';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Schema} from '../schema.ts';
import {pathOf} from './path.ts';
import {stringsOf} from './stored-strings.ts';

export interface ReferrerRow {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType: string | undefined;
  /** Of the manifest and of what it names, in bytes. */
  readonly size: number;
  readonly pushedAt: number;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Of this repository, the newest first, at most `limit`. */
export async function readReferrers(
  db: Kysely<Schema>,
  repository: RepositoryName,
  subject: Digest,
  limit: number,
): Promise<readonly ReferrerRow[]> {
  const rows = await db
    .selectFrom('manifests')
    .innerJoin('revisions_held', 'revisions_held.digest', 'manifests.digest')
    .select([
      'manifests.digest',
      'media_type',
      'artifact_type',
      'size',
      'content_size',
      'annotations',
      'revisions_held.pushed_at',
    ])
    .where('subject', '=', subject)
    .where('revisions_held.path', '=', pathOf(repository))
    .orderBy('revisions_held.pushed_at', 'desc')
    .orderBy('manifests.digest')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    digest: row.digest as Digest,
    mediaType: row.media_type,
    artifactType: row.artifact_type ?? undefined,
    size: row.size + row.content_size,
    pushedAt: row.pushed_at,
    annotations: stringsOf(row.annotations),
  }));
}

/** Of a small repository: of all that it holds, each blob once. `undefined`: it holds more manifests than `most`, and that would take its time. */
export async function sizeOfRepository(
  db: Kysely<Schema>,
  repository: RepositoryName,
  most: number,
): Promise<number | undefined> {
  const path = pathOf(repository);
  const held = await db
    .selectFrom('revisions_held')
    .select('digest')
    .where('path', '=', path)
    .limit(most + 1)
    .execute();
  if (held.length > most) return undefined;
  const {sum} = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('revisions_held')
        .innerJoin('manifest_contents', 'manifest_contents.manifest', 'revisions_held.digest')
        .select(({fn}) => ['manifest_contents.digest', fn.max('size').as('size')])
        .where('revisions_held.path', '=', path)
        .where('role', '<>', 'child')
        .groupBy('manifest_contents.digest')
        .as('blobs'),
    )
    .select(({fn}) => fn.sum<number | null>('blobs.size').as('sum'))
    .executeTakeFirstOrThrow();
  return sum ?? 0;
}
