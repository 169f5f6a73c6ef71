/** The pair in `certs/`: used as it is if somebody put it there, made and renewed if it is of the local CA. */
import path from 'node:path';
import type {Clock} from '../host/clock.ts';
import {ensureAuthority, isIssuedBy, readAuthority} from './authority.ts';
import type {Authority} from './authority.ts';
import {CertificateError} from './certificate-error.ts';
import {withHostLock} from '../host/host-lock.ts';
import {day, renewalWindow} from './layout.ts';
import type {CertificateFiles} from './layout.ts';
import type {Log} from '../observability/log.ts';
import {certificateNames, joinedNames} from './names.ts';
import {missingFile} from './pair.ts';
import type {Pair} from './pair.ts';
import {stampOf, pairOf, readTexts} from './pair-files.ts';
import {finishRenewal, renew} from './renewal.ts';
import {endOfNew, startOfNew} from './term.ts';

/**
 * `running` renews before the end, `start` and `asked` also for names that are missing, `forced` always. A renewal that
 * fails is an error where a person asked for it; the server goes on with what it has.
 */
export type Occasion = 'running' | 'start' | 'asked' | 'forced';

export interface LoadedPair {
  readonly pair: Pair;
  /** See `stampOf`. */
  readonly stamp: string;
  readonly source: 'self-signed' | 'files';
  /** The text of the certificate's file. */
  readonly text: string;
  /** The local CA, if it signed the certificate. */
  readonly authority?: Authority;
}

export interface OwnPairContext {
  readonly files: CertificateFiles;
  /** The names that the certificate must be for. */
  readonly names: () => readonly string[];
  /** The host's name, for the name of a new CA. */
  readonly host: string;
  readonly now: Clock;
  readonly log: Log;
}

const mostAttempts = 5;

/** The pair in place, without a change on disk; `undefined` where there is none; throws CertificateError. */
export async function readOwnPair(
  files: CertificateFiles,
  authority: Authority | undefined,
): Promise<LoadedPair | undefined> {
  const texts = await readTexts(files);
  const {certificate, key} = texts;
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined) {
    const [gone, there] =
      certificate === undefined ? [files.certificate, files.key] : [files.key, files.certificate];
    throw missingFile(gone, `put it back, or move ${there} away to have a new pair made`);
  }
  const pair = pairOf(files, certificate, key);
  const loaded = {pair, stamp: stampOf(texts), text: certificate};
  return authority !== undefined && isIssuedBy(pair.certificate, authority)
    ? {...loaded, source: 'self-signed', authority}
    : {...loaded, source: 'files'};
}

interface Reason {
  readonly reason: 'asked for' | 'near its end' | 'not valid yet' | 'names are missing';
  readonly missing?: readonly string[];
}

function reasonToRenew(
  {pair, authority}: LoadedPair,
  occasion: Occasion,
  wanted: readonly string[],
  now: Date,
): Reason | undefined {
  if (authority === undefined) return undefined;
  if (occasion === 'forced') return {reason: 'asked for'};
  const end = pair.certificate.validToDate.getTime();
  // A CA near its own end can't sign for longer: then a renewal at every look would gain nothing.
  const gain = endOfNew(authority.certificate, now).getTime() - end;
  if (end - now.getTime() < renewalWindow && gain > day) return {reason: 'near its end'};
  // Made while the clock was ahead. A CA that was made then, too, can't sign for earlier.
  const start = pair.certificate.validFromDate;
  if (start > now && startOfNew(authority.certificate, now) < start) {
    return {reason: 'not valid yet'};
  }
  const present = new Set(certificateNames(pair.certificate));
  const missing = wanted.filter((name) => !present.has(name));
  return occasion !== 'running' && missing.length > 0
    ? {reason: 'names are missing', missing}
    : undefined;
}

async function makeNew(
  {files, now, log}: OwnPairContext,
  authority: Authority,
  names: readonly string[],
  basedOn: string | undefined,
): Promise<void> {
  const {certificate, key} = authority;
  if (key instanceof CertificateError) throw key;
  const at = now();
  if (certificate.validToDate <= at) {
    throw new CertificateError(
      'authority',
      `the local CA ${files.authority} ended on ${certificate.validToDate.toISOString()}: move ca.crt, ca.key, server.crt and server.key away, restart, and have clients trust the new ca.crt`,
    );
  }
  await renew(files, {certificate, key}, names, at, basedOn, log);
}

/** One look at the disk: the pair to use, or what was changed and has to be looked at again. */
async function step(
  context: OwnPairContext,
  occasion: Occasion,
): Promise<{readonly use: LoadedPair} | {readonly renewed: true}> {
  const {files, log} = context;
  const authority = await readAuthority(files);
  try {
    await finishRenewal(files, authority, log);
  } catch (error) {
    // On a read-only disk a pair that is whole serves all the same.
    log.error({err: error, file: files.next}, 'prepared certificate could not be put in place');
  }
  const loaded = await readOwnPair(files, authority);
  const wanted = context.names();
  if (loaded === undefined) {
    const ca = await ensureAuthority(files, context.host, context.now());
    await makeNew(context, ca, wanted, undefined);
    log.info(
      {file: files.certificate, authority: files.authority, names: wanted},
      'certificate made',
    );
    return {renewed: true};
  }
  const due = reasonToRenew(loaded, occasion, wanted, context.now());
  if (due === undefined || loaded.authority === undefined) return {use: loaded};
  const former = due.missing === undefined ? [] : certificateNames(loaded.pair.certificate);
  try {
    await makeNew(context, loaded.authority, joinedNames(wanted, former), loaded.text);
  } catch (error) {
    if (occasion === 'forced' || occasion === 'asked') throw error;
    // The disk may be full or read-only: what is there serves on.
    log.error({err: error, file: files.certificate, ...due}, 'certificate could not be renewed');
    return {use: loaded};
  }
  log.info({file: files.certificate, ...due}, 'certificate renewed');
  return {renewed: true};
}

/** The pair to serve, made or renewed if that is due; when this resolves, what is on disk is durable and fits. */
export async function securePair(context: OwnPairContext, occasion: Occasion): Promise<LoadedPair> {
  const directory = path.dirname(context.files.certificate);
  return withHostLock(directory, async () => secureAlone(context, occasion));
}

async function secureAlone(context: OwnPairContext, occasion: Occasion): Promise<LoadedPair> {
  let due = occasion;
  let faults = 0;
  for (let attempt = 1; attempt <= mostAttempts; attempt++) {
    try {
      const done = await step(context, due);
      if ('use' in done) return done.use;
      if (due === 'forced') due = 'asked';
    } catch (error) {
      // What looks broken may be another process's renewal, halfway: the next look finishes it.
      faults++;
      if (faults > 2 || !(error instanceof CertificateError)) throw error;
    }
  }
  throw new CertificateError(
    'unusable',
    `${context.files.certificate} changes all the time: find out what else writes there, and stop it`,
  );
}
