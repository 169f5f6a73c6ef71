/** Which manifests of a repository somebody has signed, as far as can be told without verifying it. */
import {type Kysely, sql, type SqlBool} from 'kysely';
import type {Digest} from '../../oci/digest.ts';
import {
  bundleType,
  predicateKey,
  signatureTag,
  signatureTypes,
  signingPredicate,
} from '../../oci/referrer-kind.ts';
import {inBatches} from '../batches.ts';
import type {Schema} from '../schema.ts';
import {heldAmong} from './held-manifests.ts';
import {pathOf} from './path.ts';

/** We have written the annotations, without spaces. */
const isSigningBundle = sql<SqlBool>`(manifests.artifact_type like ${`${bundleType}%`} and (manifests.annotations is null or manifests.annotations not like ${`%"${predicateKey}":%`} or manifests.annotations like ${`%"${predicateKey}":"${signingPredicate}"%`}))`;

export async function readSigned(
  db: Kysely<Schema>,
  repository: string,
  digests: readonly Digest[],
): Promise<ReadonlySet<string>> {
  const path = pathOf(repository);
  const signed = new Set<string>();
  for (const some of inBatches(digests)) {
    const signatures = await db
      .selectFrom('manifests')
      .select(['manifests.digest', 'manifests.subject'])
      .where('manifests.subject', 'in', some)
      .where((eb) =>
        eb.or([eb('manifests.artifact_type', 'in', [...signatureTypes]), isSigningBundle]),
      )
      .execute();
    const held = await heldAmong(
      db,
      path,
      signatures.map(({digest}) => digest),
    );
    for (const {digest, subject} of signatures) {
      if (subject !== null && held.has(digest)) signed.add(subject);
    }
    const tagged = new Map(some.map((digest) => [signatureTag(digest), digest]));
    const tags = await db
      .selectFrom('tags')
      .select('name')
      .where('path', '=', path)
      .where('name', 'in', [...tagged.keys()])
      .execute();
    for (const {name} of tags) signed.add(tagged.get(name) ?? name);
  }
  return signed;
}
