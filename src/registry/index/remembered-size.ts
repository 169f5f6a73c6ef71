/** Lets the storage know what the index has: how large a blob is to be. */
import {readBlobSize} from '../../metadata/content/blob-size.ts';
import type {Database} from '../../metadata/database.ts';
import {MetadataError} from '../../metadata/metadata-error.ts';
import type {RememberedSize} from '../../storage/blob-sizes.ts';
import {within} from './within.ts';

/** In milliseconds: no pull waits longer for it. */
const patience = 250;
/** In milliseconds: so long a database that did not answer is not asked. */
const rest = 10_000;

export function rememberedSize(db: Database['db']): RememberedSize {
  let restsUntil = 0;
  return async (digests) => {
    if (performance.now() < restsUntil) return undefined;
    try {
      const answer = await within(
        readBlobSize(db, digests).then((size) => size ?? ('unknown' as const)),
        patience,
      );
      if (answer === undefined) restsUntil = performance.now() + rest;
      return answer;
    } catch (error) {
      if (!(error instanceof MetadataError)) throw error;
      // Whoever writes into the index tells of the outage; a pull goes on without it.
      restsUntil = performance.now() + rest;
      return undefined;
    }
  };
}
