/** Reads the two files of a pair as one. */
import {parsePair} from './pair.ts';
import type {Pair} from './pair.ts';
import {readIfThere} from './read-text.ts';

export interface PairPaths {
  readonly certificate: string;
  readonly key: string;
}

export interface PairTexts {
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** Both files as they are; both of one moment, if writers replace the certificate last. */
export async function readTexts(paths: PairPaths): Promise<PairTexts> {
  for (let attempt = 1; ; attempt++) {
    const certificate = await readIfThere(paths.certificate);
    const key = await readIfThere(paths.key);
    if (attempt === 3 || certificate === (await readIfThere(paths.certificate))) {
      return {certificate, key};
    }
  }
}

/** Parses what `readTexts` found. */
export const pairOf = (paths: PairPaths, certificate: string, key: string): Pair =>
  parsePair({path: paths.certificate, text: certificate}, {path: paths.key, text: key});

/** Equal for two readings exactly if both files were equal. */
export const stampOf = ({certificate, key}: PairTexts): string =>
  JSON.stringify([certificate, key]);
