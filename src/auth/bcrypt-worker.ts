/** The thread that checks passwords against bcrypt hashes, one after the other. */
import {parentPort} from 'node:worker_threads';
import {compareSync} from 'bcryptjs';
import type {BcryptReply, BcryptRequest} from './bcrypt-thread.ts';

parentPort?.on('message', ({job, password, hash}: BcryptRequest) => {
  const reply: BcryptReply = {job, matches: compareSync(password, hash)};
  parentPort?.postMessage(reply);
});
