/** The thread that digests: pieces of memory come in, and go out again with what was wanted. */
import {createHash, type Hash} from 'node:crypto';
import {parentPort} from 'node:worker_threads';
import type {DigestReply, DigestRequest} from './digest-thread.ts';

const jobs = new Map<number, readonly Hash[]>();

parentPort?.on('message', ({job, algorithms, pieces, wanted}: DigestRequest) => {
  if (wanted === 'forgotten') {
    jobs.delete(job);
    return;
  }
  const hashes = jobs.get(job) ?? algorithms.map((algorithm) => createHash(algorithm));
  jobs.set(job, hashes);
  for (const hash of hashes) {
    for (const piece of pieces) hash.update(piece);
  }
  const hexes = wanted === 'digests' ? hashes.map((hash) => hash.copy().digest('hex')) : [];
  const reply: DigestReply = {job, pieces, hexes};
  parentPort?.postMessage(
    reply,
    pieces.map(({buffer}) => buffer),
  );
});
