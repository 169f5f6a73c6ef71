/** Uploads that outlive their token: what may be finished with it, and what it has uploaded. */
import type {Kysely} from 'kysely';
import {inBatches} from './batches.ts';
import {isUniqueViolation} from './unique-violation.ts';
import type {Schema} from './schema.ts';

export interface LeaseKey {
  /** The token's `jti`. */
  readonly tokenId: string;
  readonly repository: string;
}

/** Durable when it resolves. Once more: it ends later, never earlier. */
export async function leaseUpload(
  db: Kysely<Schema>,
  {tokenId, repository, expiresAt}: LeaseKey & {readonly expiresAt: number},
): Promise<void> {
  try {
    const row = {token_id: tokenId, repository, expires_at: expiresAt};
    await db.insertInto('upload_leases').values(row).execute();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    await db
      .updateTable('upload_leases')
      .set({expires_at: expiresAt})
      .where('token_id', '=', tokenId)
      .where('repository', '=', repository)
      .where('expires_at', '<', expiresAt)
      .execute();
  }
}

/** Whether an upload to the repository was begun with this token, and may still be finished with it. */
export async function hasLease(
  db: Kysely<Schema>,
  {tokenId, repository, now}: LeaseKey & {readonly now: number},
): Promise<boolean> {
  const row = await db
    .selectFrom('upload_leases')
    .select('expires_at')
    .where('token_id', '=', tokenId)
    .where('repository', '=', repository)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row !== undefined;
}

/** Notes that a blob was uploaded with this token; durable when it resolves. */
export async function recordLeasedBlob(
  db: Kysely<Schema>,
  {
    tokenId,
    repository,
    digest,
    expiresAt,
  }: LeaseKey & {
    readonly digest: string;
    readonly expiresAt: number;
  },
): Promise<void> {
  try {
    const row = {token_id: tokenId, repository, digest, expires_at: expiresAt};
    await db.insertInto('leased_blobs').values(row).execute();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    await db
      .updateTable('leased_blobs')
      .set({expires_at: expiresAt})
      .where('token_id', '=', tokenId)
      .where('repository', '=', repository)
      .where('digest', '=', digest)
      .where('expires_at', '<', expiresAt)
      .execute();
  }
}

/** Whether at least one of these blobs was uploaded with this token, and its lease lasts. */
export async function hasLeasedBlob(
  db: Kysely<Schema>,
  {
    tokenId,
    repository,
    digests,
    now,
  }: LeaseKey & {
    readonly digests: readonly string[];
    readonly now: number;
  },
): Promise<boolean> {
  for (const some of inBatches(digests)) {
    const row = await db
      .selectFrom('leased_blobs')
      .select('digest')
      .where('token_id', '=', tokenId)
      .where('repository', '=', repository)
      .where('digest', 'in', some)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    if (row) return true;
  }
  return false;
}

/** Removes what has expired; answers how many rows that were. */
export async function purgeLeases(
  db: Kysely<Schema>,
  {now}: {readonly now: number},
): Promise<number> {
  const leases = db.deleteFrom('upload_leases').where('expires_at', '<=', now);
  const blobs = db.deleteFrom('leased_blobs').where('expires_at', '<=', now);
  const {numDeletedRows: ended} = await leases.executeTakeFirst();
  const {numDeletedRows: forgotten} = await blobs.executeTakeFirst();
  return Number(ended + forgotten);
}
