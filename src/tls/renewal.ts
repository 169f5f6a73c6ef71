/**
 * Puts a new pair in the place of the former one.
 *
 * Two files can't be exchanged in one step, so the new key and chain are first published together, in one file,
 * server.next.pem. From then on whoever finds that file can finish the work, as often as wanted and from any point:
 *
 *   1. server.next.pem is published exclusively: of two processes that renew at once, both go on with the one that won
 *   2. the former pair is kept under its own name
 *   3. server.key is replaced       between 3 and 4 the two files don't fit, and server.next.pem says why:
 *   4. server.crt is replaced       securePair in own-pair.ts finishes the work and reads again
 *   5. server.next.pem is removed
 *
 * What an operator has put there is not overwritten: the work goes on only where server.crt is ours, and server.key fits
 * it or the new certificate.
 */
import {createPublicKey} from 'node:crypto';
import type {KeyObject, X509Certificate} from 'node:crypto';
import {isIssuedBy} from './authority.ts';
import type {Authority} from './authority.ts';
import {CertificateError} from './certificate-error.ts';
import {prepareReplacement, publicMode, publish, remove, secretMode} from '../host/durable-file.ts';
import {keepFormer} from './former-pairs.ts';
import {newKey} from './new-key.ts';
import type {CertificateFiles} from './layout.ts';
import type {Log} from '../observability/log.ts';
import {parseCertificates, parseKey, parsePair} from './pair.ts';
import type {Pair} from './pair.ts';
import {readTexts} from './pair-files.ts';
import type {PairTexts} from './pair-files.ts';
import {readIfThere} from './read-text.ts';

/** `undefined` instead of a CertificateError. */
function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof CertificateError) return undefined;
    throw error;
  }
}

function parseNext(files: CertificateFiles, text: string, authority: Authority): Pair | undefined {
  const file = {path: files.next, text};
  const next = attempt(() => parsePair(file, file));
  return next !== undefined && isIssuedBy(next.certificate, authority) ? next : undefined;
}

type Standing =
  | {readonly step: 'place'; readonly former?: {certificate: string; key: string}}
  | {readonly step: 'done' | 'give-up'};

/** What is left to do, by what lies in the two places. */
function standing(
  files: CertificateFiles,
  {certificate, key}: PairTexts,
  next: Pair,
  authority: Authority,
): Standing {
  if (certificate === next.chain && key === next.key) return {step: 'done'};
  const halfway = key === next.key;
  if (certificate === undefined) {
    return {step: key === undefined || halfway ? 'place' : 'give-up'};
  }
  const present = attempt(() => parseCertificates({path: files.certificate, text: certificate})[0]);
  if (present === undefined || key === undefined || !isIssuedBy(present, authority)) {
    return {step: 'give-up'};
  }
  if (halfway) return {step: 'place'};
  const presentKey = attempt(() => parseKey({path: files.key, text: key}));
  return presentKey !== undefined && present.checkPrivateKey(presentKey)
    ? {step: 'place', former: {certificate, key}}
    : {step: 'give-up'};
}

/** Steps 3 and 4, unless another process has done them: then server.next.pem is gone, or the one of a later renewal. */
async function place(files: CertificateFiles, next: Pair, text: string): Promise<void> {
  for (let round = 1; round <= 3; round++) {
    const key = await prepareReplacement(files.key, next.key, secretMode);
    try {
      const certificate = await prepareReplacement(files.certificate, next.chain, publicMode);
      try {
        if ((await readIfThere(files.next)) !== text) return;
        await key.commit();
        await certificate.commit();
      } finally {
        await certificate.discard();
      }
    } finally {
      await key.discard();
    }
    // A process that slept between that look and its commits may just now have written an earlier key: then once more.
    const present = await readTexts(files);
    if (present.certificate === next.chain && present.key === next.key) return;
  }
}

/** Steps 2 to 5, if there is a server.next.pem. When this resolves, the pair that it was about is durable or given up. */
export async function finishRenewal(
  files: CertificateFiles,
  authority: Authority | undefined,
  log: Log,
): Promise<void> {
  const text = await readIfThere(files.next);
  if (text === undefined) return;
  const next = authority && parseNext(files, text, authority);
  if (authority === undefined || next === undefined) {
    log.warn({file: files.next}, 'prepared certificate is not of the local CA, removed');
  } else {
    const texts = await readTexts(files);
    const left = standing(files, texts, next, authority);
    if (left.step === 'give-up') {
      log.warn({file: files.next}, 'another pair was put in place, prepared certificate removed');
    }
    if (left.step === 'place') {
      if (left.former !== undefined) await keepPresent(files, left.former, log);
      await place(files, next, text);
    }
  }
  // Not one that another process has published in the meantime.
  if ((await readIfThere(files.next)) === text) await remove(files.next);
}

async function keepPresent(
  files: CertificateFiles,
  former: {readonly certificate: string; readonly key: string},
  log: Log,
): Promise<void> {
  const [certificate] = parseCertificates({path: files.certificate, text: former.certificate});
  const kept = await keepFormer(files, certificate, former);
  log.info({kept, expiresAt: certificate.validToDate}, 'former certificate kept');
}

/**
 * Makes a pair and puts it in place, durably. `basedOn` is the text of server.crt on which the decision rests: if it has
 * changed, another process was faster, and nothing is done.
 */
export async function renew(
  files: CertificateFiles,
  authority: {readonly certificate: X509Certificate; readonly key: KeyObject},
  names: readonly string[],
  now: Date,
  basedOn: string | undefined,
  log: Log,
): Promise<void> {
  const key = newKey();
  const publicKey = createPublicKey(key);
  const {issueServer} = await import('./issue.ts');
  const certificate = await issueServer(authority, publicKey, names, now);
  // The CA goes along, so that `openssl s_client -showcerts` and the like show the whole chain.
  const text = `${key}${certificate.toString()}${authority.certificate.toString()}`;
  await publish(files.next, text, secretMode);
  const faster = (await readIfThere(files.certificate)) !== basedOn;
  if (faster && (await readIfThere(files.next)) === text) await remove(files.next);
  else await finishRenewal(files, authority, log);
}
