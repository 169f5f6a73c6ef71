/** Keys made for tokens alone: `keys/token-ES256.pem` and its like, the key and its self-signed certificate in one file, so that they always fit. */
import {generateKeyPair} from 'node:crypto';
import type {KeyObject} from 'node:crypto';
import {stat} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {Config} from '../../config/schema.ts';
import {CertificateError} from '../../tls/certificate-error.ts';
import {prepareReplacement, publish, secretMode} from '../../host/durable-file.ts';
import {readIfThere} from '../../tls/read-text.ts';
import {missingFile, parseCertificates, parseKey} from '../../tls/pair.ts';
import type {TextFile} from '../../tls/pair.ts';
import {signerOf} from './signer.ts';
import type {Signer} from './signer.ts';

export type OwnKind = Exclude<Config['token']['key'], 'certificate'>;

/** What signs where the TLS pair can't. */
export const ownKindOf = (kind: Config['token']['key']): OwnKind =>
  kind === 'certificate' ? 'ES256' : kind;

const openToOthers = 0o077;
const generate = promisify(generateKeyPair);

const ownKeyFile = (directory: string, kind: OwnKind): string =>
  join(directory, `token-${kind}.pem`);

async function newPrivateKey(kind: OwnKind): Promise<KeyObject> {
  switch (kind) {
    case 'ES256':
      return (await generate('ec', {namedCurve: 'P-256'})).privateKey;
    case 'RS256':
      return (await generate('rsa', {modulusLength: 2048})).privateKey;
    case 'EdDSA':
      return (await generate('ed25519')).privateKey;
  }
}

/** The text of such a file. */
export async function newOwnKey(kind: OwnKind, now: Date): Promise<string> {
  const key = await newPrivateKey(kind);
  const {issueSelfSigned} = await import('../../tls/issue.ts');
  const certificate = await issueSelfSigned(key, 'Holdfast tokens', now);
  return `${key.export({type: 'pkcs8', format: 'pem'}).toString()}${certificate.toString()}`;
}

/** Throws CertificateError. */
function parseOwnKey(file: TextFile, kind: OwnKind): Signer {
  const key = parseKey(file);
  const [certificate] = parseCertificates(file);
  const remedy = 'put an undamaged copy there, or move it away to have a new key made';
  if (!certificate.checkPrivateKey(key)) {
    throw new CertificateError(
      'mismatch',
      `key and certificate in ${file.path} don't fit: ${remedy}`,
    );
  }
  const signer = signerOf(key, [certificate], 'own');
  if (signer?.publicKey.algorithm === kind) return signer;
  throw new CertificateError('unusable', `${file.path} holds no key for ${kind}: ${remedy}`);
}

/** `undefined` where there is none; throws CertificateError where it is damaged or open to others. */
async function readOwnKey(directory: string, kind: OwnKind): Promise<Signer | undefined> {
  const path = ownKeyFile(directory, kind);
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  if (((await stat(path)).mode & openToOthers) !== 0) {
    throw new CertificateError(
      'unusable',
      `${path} signs tokens, and other users than its owner may use it; run: chmod 600 ${path}`,
    );
  }
  return parseOwnKey({path, text}, kind);
}

/** Made if there is none: of racers all get the same. What is damaged is never overwritten. */
export async function ensureOwnKey(directory: string, kind: OwnKind, now: Date): Promise<Signer> {
  const present = await readOwnKey(directory, kind);
  if (present !== undefined) return present;
  const path = ownKeyFile(directory, kind);
  await publish(path, await newOwnKey(kind, now), secretMode);
  const made = await readOwnKey(directory, kind);
  if (made === undefined) throw missingFile(path, 'it was removed while it was made');
  return made;
}

/** Atomic and durable. */
export async function replaceOwnKey(directory: string, kind: OwnKind, text: string): Promise<void> {
  const replacement = await prepareReplacement(ownKeyFile(directory, kind), text, secretMode);
  try {
    await replacement.commit();
  } finally {
    await replacement.discard();
  }
}
