/** The thread that digests: chunks come in and are acknowledged; after `null` the digests go out. */
import {createHash, type Hash} from 'node:crypto';
import {answerRequests} from '../host/answer-requests.ts';
import type {DigestExchange} from './digest-thread.ts';

const streams = new Map<number, readonly Hash[]>();

answerRequests<DigestExchange>(({stream, algorithms, chunk}) => {
  const hashes = streams.get(stream) ?? algorithms.map((algorithm) => createHash(algorithm));
  if (chunk) {
    for (const hash of hashes) hash.update(chunk);
    streams.set(stream, hashes);
    return [];
  }
  streams.delete(stream);
  return hashes.map((hash) => hash.digest('hex'));
});
