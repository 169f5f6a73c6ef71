/** A pair that the operator provides: tls.mode `files`. Nothing is ever written. */
import {resolve} from 'node:path';
import type {Config} from '../config/schema.ts';
import {certificateFiles} from './layout.ts';
import type {LoadedPair} from './own-pair.ts';
import {missingFile, parseFittingPair} from './pair.ts';
import {stampOf, pairOf, readTexts} from './pair-files.ts';
import type {PairPaths} from './pair-files.ts';
import type {Pair} from './pair.ts';

/** The absolute paths of the pair; settings are relative to the working directory, the defaults lie in `certs/`. */
export function givenPaths(tls: Config['tls'], directory: string): PairPaths {
  const files = certificateFiles(directory);
  return {
    certificate: resolve(tls.certificate ?? files.certificate),
    key: resolve(tls.key ?? files.key),
  };
}

/** Reads the pair; throws CertificateError. */
export async function readGivenPair(paths: PairPaths): Promise<LoadedPair> {
  const texts = await readTexts(paths);
  const {certificate, key} = texts;
  const remedy = (setting: string): string =>
    `tls.mode is files: put it there, or say where it is with ${setting}`;
  if (certificate === undefined) throw missingFile(paths.certificate, remedy('tls.certificate'));
  if (key === undefined) throw missingFile(paths.key, remedy('tls.key'));
  const pair = pairOf(paths, certificate, key);
  return {pair, stamp: stampOf(texts), text: certificate, source: 'files'};
}

/** For other uses than TLS, which need not take it: `undefined` where neither file is there; throws CertificateError. */
export async function readPairIfThere(paths: PairPaths): Promise<Pair | undefined> {
  const {certificate, key} = await readTexts(paths);
  if (certificate === undefined && key === undefined) return undefined;
  const remedy = 'put it back, or move the other file of the pair away';
  if (certificate === undefined) throw missingFile(paths.certificate, remedy);
  if (key === undefined) throw missingFile(paths.key, remedy);
  return parseFittingPair(
    {path: paths.certificate, text: certificate},
    {path: paths.key, text: key},
  );
}
