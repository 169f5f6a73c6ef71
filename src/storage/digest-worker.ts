/** The thread that digests: chunks come in and are acknowledged; after `null` the digests go out. */
import {createHash, type Hash} from 'node:crypto';
import {parentPort} from 'node:worker_threads';
import type {DigestReply, DigestRequest} from './digest-thread.ts';

const jobs = new Map<number, Hash[]>();

parentPort?.on('message', ({job, algorithms, chunk}: DigestRequest) => {
  const hashes = jobs.get(job) ?? algorithms.map((algorithm) => createHash(algorithm));
  let reply: DigestReply = {job, hexes: []};
  if (chunk) {
    for (const hash of hashes) hash.update(chunk);
    jobs.set(job, hashes);
  } else {
    reply = {job, hexes: hashes.map((hash) => hash.digest('hex'))};
    jobs.delete(job);
  }
  parentPort?.postMessage(reply);
});
