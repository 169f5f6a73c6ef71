/**
 * Which key signs at present, and which have signed: read from the disk, where several processes write.
 *
 * A process that looks and finds the records behind brings them up to date, under the host's lock: the key that signs
 * has a record without an end, every other one an end. Each process may do that at any time, and any order of theirs
 * ends alike.
 */
import type {Clock} from '../../host/clock.ts';
import {withHostLock} from '../../host/host-lock.ts';
import {day} from '../../tls/layout.ts';
import {parseCertificates, parseKey} from '../../tls/pair.ts';
import {ensureOwnKey, newOwnKey, ownKindOf, replaceOwnKey} from './own-key.ts';
import type {OwnKind} from './own-key.ts';
import {readRecords, removeRecord, writeRecord} from './records.ts';
import type {SignerRecord, SignerRecords} from './records.ts';
import {signerOf} from './signer.ts';
import type {Signer} from './signer.ts';

/** PEM: the chain with the server's certificate first, and the key. */
interface PemPair {
  readonly cert: string;
  readonly key: string;
}

export interface KeyContext {
  /** Absolute path of `keys/`. */
  readonly directory: string;
  readonly kind: OwnKind | 'certificate';
  /** The TLS pair in force; `undefined`: there is none. */
  readonly pair: () => Promise<PemPair | undefined>;
  readonly now: Clock;
  /** How long a token may count after it was issued, at the longest: its validity and the lease of an upload. In milliseconds. */
  readonly trustFor: number;
}

export interface Standing {
  readonly signer: Signer;
  readonly records: SignerRecords;
}

/** So long another process may sign with a key that was replaced before it notices, or have recorded one that it is about to put in force. */
const grace = 60_000;
/** A clock that is ahead for a while must not lose what counts again later. */
const keptFor = 30 * day;

/** When tokens of a key that signs no more end to count. */
export const trustEnd = (retiredAt: Date, {trustFor}: Pick<KeyContext, 'trustFor'>): Date =>
  new Date(retiredAt.getTime() + trustFor + grace);

/** As it is on the disk; nothing is changed, unless a key of its own has to be made. What signs may be distrusted. Throws CertificateError. */
export async function readStanding(context: KeyContext): Promise<Standing> {
  const {directory, kind, now} = context;
  const records = await readRecords(directory);
  const ofPair = kind === 'certificate' ? pairSigner(await context.pair()) : undefined;
  if (ofPair && records.get(ofPair.publicKey.kid)?.isDistrusted !== true) {
    return {signer: ofPair, records};
  }
  return {signer: await ensureOwnKey(directory, ownKindOf(kind), now()), records};
}

const isDistrusted = ({signer, records}: Standing): boolean =>
  records.get(signer.publicKey.kid)?.isDistrusted === true;

function pairSigner(pair: PemPair | undefined): Signer | undefined {
  if (pair === undefined) return undefined;
  const path = 'the TLS pair';
  const chain = parseCertificates({path, text: pair.cert});
  return signerOf(parseKey({path, text: pair.key}), chain, 'certificate');
}

/** The same, with records that are up to date, and a new key where that was distrusted: durable when this resolves. */
export async function secureStanding(context: KeyContext): Promise<Standing> {
  const found = await readStanding(context);
  if (!isDistrusted(found) && changesDue(found, context).length === 0) return found;
  return withHostLock(context.directory, async () => {
    const standing = await trustedStanding(context);
    for (const change of changesDue(standing, context)) await change();
    return {signer: standing.signer, records: await readRecords(context.directory)};
  });
}

/** Within the lock. A distrusted key is there where a rotation was cut off, or where it came back from a backup. */
async function trustedStanding(context: KeyContext): Promise<Standing> {
  const standing = await readStanding(context);
  if (!isDistrusted(standing)) return standing;
  const {directory, kind, now} = context;
  const ownKind = ownKindOf(kind);
  await replaceOwnKey(directory, ownKind, await newOwnKey(ownKind, now()));
  return readStanding(context);
}

function changesDue(
  {signer: {publicKey}, records}: Standing,
  {directory, now, trustFor}: KeyContext,
): readonly (() => Promise<void>)[] {
  const at = now();
  const present = records.get(publicKey.kid);
  const others = [...records.values()].filter((each) => each !== present && !each.isDistrusted);
  const write = (record: SignerRecord) => async () => writeRecord(directory, record);
  return [
    ...(present && present.retiredAt === undefined
      ? []
      : [write({publicKey, since: at, isDistrusted: false})]),
    ...others
      .filter((record) => isToRetire(record, at))
      .map((record) => write({...record, retiredAt: at})),
    ...others
      .filter(({retiredAt}) => retiredAt && at.getTime() > retiredAt.getTime() + trustFor + keptFor)
      .map((record) => async () => removeRecord(directory, record.publicKey.kid)),
  ];
}

/** Times that are yet to come were written while the clock was ahead. */
function isToRetire({since, retiredAt}: SignerRecord, now: Date): boolean {
  if (retiredAt !== undefined) return retiredAt.getTime() > now.getTime() + grace;
  const age = now.getTime() - since.getTime();
  return age < 0 || age >= grace;
}
