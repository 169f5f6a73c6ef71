/** Seals activities: batches of them become links of a chain, each signed, so that none can be changed, taken out or put in unseen. */
import {hash} from 'node:crypto';
import {
  type ActivitySeal,
  hashOfRow,
  insertSeal,
  readLastSeal,
  readOldSeal,
  readUnsealed,
  removeSealed,
} from '../../metadata/activity-seals.ts';
import type {Database} from '../../metadata/database.ts';
import {transact} from '../../metadata/transact.ts';
import type {SealKey} from './seal-keys.ts';

export const mostInBatch = 1000;
/** In ms: what is committed late is older than it looks; what is later still comes into the next batch. */
const settledAfter = 10_000;

/** What the hash of a seal is over, in this order for ever. */
export const hashOfSeal = (seal: Omit<ActivitySeal, 'hash' | 'mac'>): string =>
  hash(
    'sha256',
    JSON.stringify([
      'seal 1',
      seal.number,
      seal.key_id,
      seal.previous,
      seal.count,
      seal.first_id,
      seal.first_at,
      seal.last_id,
      seal.last_at,
      seal.leaves_hash,
      seal.created_at,
    ]),
    'base64url',
  );

export const hashOfLeaves = (leaves: string): string => hash('sha256', leaves, 'base64url');

export const sealText = (sealHash: string): string => `seal ${sealHash}`;
export const removalText = (sealHash: string, at: number): string => `removed ${sealHash} ${at}`;

interface Sealing {
  readonly key: SealKey;
  readonly now: Date;
}

/** One batch. `undefined`: there is none at present. Of several processes that try it, each seals what the others have not. */
export async function sealBatch(
  db: Database['db'],
  {key, now}: Sealing,
): Promise<ActivitySeal | undefined> {
  const at = now.getTime();
  return transact(db, async (turn) => {
    // The last seal first: whoever has made another one since has its number.
    const last = await readLastSeal(turn);
    const rows = await readUnsealed(turn, {before: at - settledAfter, limit: mostInBatch});
    const [first] = rows;
    const end = rows.at(-1);
    if (!first || !end) return undefined;
    const leaves = JSON.stringify(rows.map((row) => [row.id, hashOfRow(row)]));
    const fields = {
      number: (last?.number ?? 0) + 1,
      key_id: key.id,
      previous: last?.hash ?? '',
      count: rows.length,
      first_id: first.id,
      first_at: first.at,
      last_id: end.id,
      last_at: end.at,
      leaves,
      leaves_hash: hashOfLeaves(leaves),
      created_at: at,
      removed_at: null,
      removed_key_id: null,
      removed_mac: null,
    };
    const sealHash = hashOfSeal(fields);
    const seal = {...fields, hash: sealHash, mac: key.sign(sealText(sealHash))};
    await insertSeal(
      turn,
      seal,
      rows.map(({id}) => id),
    );
    return seal;
  });
}

/** The oldest batch, if it was sealed before that time: the rows go, and the seal stays as the head of what is gone. False: there is none. */
export async function removeOldBatch(
  db: Database['db'],
  {key, now, before}: Sealing & {readonly before: number},
): Promise<boolean> {
  return transact(db, async (turn) => {
    const seal = await readOldSeal(turn, before);
    if (!seal) return false;
    const at = now.getTime();
    const mac = key.sign(removalText(seal.hash, at));
    await removeSealed(turn, seal.number, {at, keyId: key.id, mac});
    return true;
  });
}
