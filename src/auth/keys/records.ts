/**
 * Every key that signs tokens has a record, made before its first signature: `keys/token-signer.<kid>.json`. So its
 * tokens are known when the key itself is gone, whoever replaced it, and whether or not a process was running then.
 */
import {createPublicKey} from 'node:crypto';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {CertificateError, errorCode} from '../../tls/certificate-error.ts';
import {prepareReplacement, readIfThere, remove, secretMode} from '../../tls/durable-file.ts';
import {describePublicKey} from './public-key.ts';
import type {PublicKey} from './public-key.ts';

export interface SignerRecord {
  readonly publicKey: PublicKey;
  readonly since: Date;
  /** When it was first seen not to sign any more. */
  readonly retiredAt?: Date;
  /** For ever: tokens of this key count no more, whatever they say. */
  readonly isDistrusted: boolean;
}

export type SignerRecords = ReadonlyMap<string, SignerRecord>;

const fileName = /^token-signer\.([A-Za-z0-9_-]{43})\.json$/;
const pathOf = (directory: string, kid: string): string =>
  join(directory, `token-signer.${kid}.json`);

const time = z.iso.datetime().transform((text) => new Date(text));
const publicKey = z.string().transform((pem, context) => {
  try {
    const described = describePublicKey(createPublicKey(pem));
    if (described !== undefined) return described;
  } catch (error) {
    // OpenSSL's words for it tell nothing that helps.
    if (!(error instanceof Error)) throw error;
  }
  context.addIssue({code: 'custom', message: 'holds no public key for tokens'});
  return z.NEVER;
});
const schema = z.strictObject({
  publicKey,
  since: time,
  retiredAt: time.optional(),
  distrusted: z.literal(true).optional(),
});

const damaged = (path: string, reason: string): CertificateError =>
  new CertificateError(
    'unusable',
    `${path} is damaged (${reason}): put an undamaged copy there, or remove it, which ends what its key has signed unless that signs still`,
  );

function parse(path: string, kid: string, text: string): SignerRecord {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged(path, 'it is not JSON');
    throw error;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw damaged(path, z.prettifyError(parsed.error));
  const {retiredAt, distrusted = false, ...rest} = parsed.data;
  if (rest.publicKey.kid !== kid) throw damaged(path, 'it holds another key than its name says');
  return {...rest, ...(retiredAt ? {retiredAt} : {}), isDistrusted: distrusted};
}

/** By kid. Throws CertificateError where one is damaged. */
export async function readRecords(directory: string): Promise<SignerRecords> {
  const records = new Map<string, SignerRecord>();
  for (const name of (await readdir(directory)).sort()) {
    const kid = fileName.exec(name)?.[1];
    if (kid === undefined) continue;
    const path = pathOf(directory, kid);
    const text = await readIfThere(path);
    // Gone meanwhile: another process has removed it.
    if (text !== undefined) records.set(kid, parse(path, kid, text));
  }
  return records;
}

/** Whether any key has signed from this directory, which need not be there. */
export async function hasRecords(directory: string): Promise<boolean> {
  try {
    return (await readRecords(directory)).size > 0;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** Atomic and durable; the last writer wins. */
export async function writeRecord(directory: string, record: SignerRecord): Promise<void> {
  const {
    publicKey: {key, kid},
    since,
    retiredAt,
    isDistrusted,
  } = record;
  const content = {
    publicKey: key.export({type: 'spki', format: 'pem'}),
    since: since.toISOString(),
    ...(retiredAt ? {retiredAt: retiredAt.toISOString()} : {}),
    ...(isDistrusted ? {distrusted: true} : {}),
  };
  const text = `${JSON.stringify(content, undefined, 2)}\n`;
  const replacement = await prepareReplacement(pathOf(directory, kid), text, secretMode);
  try {
    await replacement.commit();
  } finally {
    await replacement.discard();
  }
}

export const removeRecord = async (directory: string, kid: string): Promise<void> =>
  remove(pathOf(directory, kid));
