/** The thread that digests: pieces of memory come in, and go out again with what was wanted. */
import {createHash, type Hash} from 'node:crypto';
import {answerRequests} from '../host/answer-requests.ts';
import type {DigestExchange} from './digest-thread.ts';

const streams = new Map<number, readonly Hash[]>();

answerRequests<DigestExchange>(
  ({stream, algorithms, pieces, wanted}) => {
    if (wanted === 'forgotten') {
      streams.delete(stream);
      return {pieces: [], hexes: []};
    }
    const hashes = streams.get(stream) ?? algorithms.map((algorithm) => createHash(algorithm));
    streams.set(stream, hashes);
    for (const hash of hashes) {
      for (const piece of pieces) hash.update(piece);
    }
    const hexes = wanted === 'digests' ? hashes.map((hash) => hash.copy().digest('hex')) : [];
    return {pieces, hexes};
  },
  ({pieces}) => pieces.map(({buffer}) => buffer),
);
