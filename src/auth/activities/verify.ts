/** Looks whether activities are as they were when they were sealed, and names what is not. */
import {type ActivityRow} from '../../metadata/activities.ts';
import {
  type ActivitySeal,
  countUnsealed,
  hashOfRow,
  readLastSeal,
  readSealAfter,
  readSealed,
  readStrays,
  sealOfRow,
} from '../../metadata/activity-seals.ts';
import type {Database} from '../../metadata/database.ts';
import {type Head, holds} from './chain-head.ts';
import {hashOfLeaves, hashOfSeal, removalText, sealText} from './seal.ts';
import type {SealKey} from './seal-keys.ts';

type Db = Database['db'];

interface Finding {
  readonly kind:
    | 'row-changed'
    | 'row-missing'
    | 'row-added'
    | 'row-moved'
    | 'seal-changed'
    | 'seal-missing'
    | 'key-unknown'
    | 'chain-cut'
    | 'head-missing';
  readonly seal?: number | undefined;
  /** Its id. */
  readonly row?: string | undefined;
  readonly sentence: string;
}

export interface Verification {
  /** In their order; there may be more where there are `mostFindings`. */
  readonly findings: readonly Finding[];
  readonly seals: number;
  readonly rows: number;
  /** Those that nothing is known of yet. */
  readonly unsealed: number;
  /** Up to this seal all was removed as too old. */
  readonly removedUpTo: number | undefined;
  readonly last: {readonly number: number; readonly hash: string} | undefined;
}

const mostFindings = 1000;

interface Verifying {
  readonly keys: ReadonlyMap<string, SealKey>;
  readonly head: Head | undefined;
}

/** Batch by batch, each as it is at one moment: nobody waits for it, and what is sealed or removed meanwhile is no finding. */
export async function verifyActivities(db: Db, {keys, head}: Verifying): Promise<Verification> {
  const findings: Finding[] = [];
  let former: ActivitySeal | undefined;
  let removedUpTo: number | undefined;
  let [seals, rows] = [0, 0];
  while (findings.length < mostFindings) {
    const after: number = former?.number ?? 0;
    const batch = await readBatch(db, after);
    if (!batch) break;
    const {seal, present} = batch;
    findings.push(...judgeLink(seal, former), ...judgeSeal(seal, keys));
    if (seal.removed_at === null) findings.push(...(await judgeRows(db, seal, present)));
    else removedUpTo = seal.number;
    seals += 1;
    rows += present.length;
    former = seal;
  }
  findings.push(...(await judgeEnd(db, head)), ...(await judgeStrays(db)));
  const last = await readLastSeal(db);
  return {
    findings: findings.slice(0, mostFindings),
    seals,
    rows,
    unsealed: await countUnsealed(db),
    removedUpTo,
    last: last && {number: last.number, hash: last.hash},
  };
}

async function readBatch(
  db: Db,
  after: number,
): Promise<{readonly seal: ActivitySeal; readonly present: readonly ActivityRow[]} | undefined> {
  return db
    .transaction()
    .setAccessMode('read only')
    .execute(async (turn) => {
      const seal = await readSealAfter(turn, after);
      if (!seal) return undefined;
      const {number, count} = seal;
      return {seal, present: await readSealed(turn, {number, limit: count + mostFindings})};
    });
}

/** One whose rows were removed stands for all before it. */
function judgeLink(seal: ActivitySeal, former: ActivitySeal | undefined): readonly Finding[] {
  const {number, previous, removed_at: removed} = seal;
  const expected = (former?.number ?? 0) + 1;
  if (number === expected) {
    if (previous === (former?.hash ?? '')) return [];
    const sentence = `seal ${number} does not follow the one before it`;
    return [{kind: 'seal-changed', seal: number, sentence}];
  }
  if (removed !== null) return [];
  const gone =
    expected === number - 1 ? `seal ${expected} is` : `seals ${expected} to ${number - 1} are`;
  return [{kind: 'seal-missing', seal: expected, sentence: `${gone} missing`}];
}

function judgeSeal(seal: ActivitySeal, keys: ReadonlyMap<string, SealKey>): readonly Finding[] {
  const {number, removed_at: removed, removed_key_id: removedBy} = seal;
  const changed = (what: string): Finding => ({
    kind: 'seal-changed',
    seal: number,
    sentence: `seal ${number}: ${what}`,
  });
  if (hashOfSeal(seal) !== seal.hash) return [changed('it was changed')];
  if (removed === null && hashOfLeaves(seal.leaves) !== seal.leaves_hash) {
    return [changed('its list of rows was changed')];
  }
  const unknown = [seal.key_id, ...(removedBy === null ? [] : [removedBy])].find(
    (id) => !keys.has(id),
  );
  if (unknown !== undefined) {
    const sentence = `seal ${number}: its key ${unknown} is not in the data directory`;
    return [{kind: 'key-unknown', seal: number, sentence}];
  }
  if (keys.get(seal.key_id)?.sign(sealText(seal.hash)) !== seal.mac) {
    return [changed('it is not signed by its key')];
  }
  if (removed === null) return [];
  const expected = keys.get(removedBy ?? '')?.sign(removalText(seal.hash, removed));
  if (expected !== undefined && expected === seal.removed_mac) return [];
  return [changed('that its rows were removed is not signed')];
}

/** We wrote it, or it is not what it was: then that is told already. */
function leavesOf({leaves}: ActivitySeal): ReadonlyMap<string, string> {
  try {
    const pairs = JSON.parse(leaves) as readonly (readonly [string, string])[];
    return new Map(pairs);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return new Map();
    throw error;
  }
}

async function judgeRows(
  db: Db,
  seal: ActivitySeal,
  present: readonly ActivityRow[],
): Promise<readonly Finding[]> {
  const {number} = seal;
  const leaves = leavesOf(seal);
  const found = new Set<string>();
  const findings: Finding[] = [];
  for (const row of present) {
    const {id} = row;
    found.add(id);
    const known = leaves.get(id);
    if (known === undefined) {
      const sentence = `row ${id} was put under seal ${number} later`;
      findings.push({kind: 'row-added', seal: number, row: id, sentence});
    } else if (known !== hashOfRow(row)) {
      const sentence = `row ${id} was changed after seal ${number}`;
      findings.push({kind: 'row-changed', seal: number, row: id, sentence});
    }
  }
  for (const id of leaves.keys()) {
    if (found.has(id) || findings.length >= mostFindings) continue;
    findings.push(missing(seal, id, await sealOfRow(db, id)));
  }
  return findings;
}

function missing({number}: ActivitySeal, id: string, other: number | null | undefined): Finding {
  if (other === undefined) {
    return {
      kind: 'row-missing',
      seal: number,
      row: id,
      sentence: `row ${id} of seal ${number} is missing`,
    };
  }
  const where = other === null ? 'is under no seal' : `is under seal ${other}`;
  return {
    kind: 'row-moved',
    seal: number,
    row: id,
    sentence: `row ${id} was under seal ${number}, and ${where} now`,
  };
}

async function judgeStrays(db: Db): Promise<readonly Finding[]> {
  const strays = await readStrays(db, mostFindings);
  return strays.map(({id, seal}) => ({
    kind: 'row-added',
    seal: seal ?? undefined,
    row: id,
    sentence: `row ${id} says it is under seal ${seal ?? ''}, which has no rows`,
  }));
}

/** What was last sealed stands beside the keys. */
async function judgeEnd(db: Db, head: Head | undefined): Promise<readonly Finding[]> {
  const last = await readLastSeal(db);
  if (!head) {
    if (!last) return [];
    const sentence = 'the data directory does not say which seal was the last one';
    return [{kind: 'head-missing', sentence}];
  }
  if (await holds(db, head)) return [];
  const {number} = head;
  const sentence =
    last === undefined || last.number < number
      ? `seals up to ${number} were made, and the last one that is there is ${last?.number ?? 'none'}`
      : `seal ${number} is not the one that was made`;
  return [{kind: 'chain-cut', seal: number, sentence}];
}
