/** The Holdfast that a model is held against: it can be started anew on its directory. */
import type {ExecutionContext} from 'ava';
import {startInProcess} from '../support/in-process.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import type {Real} from './upload-model.ts';

/** `errors`: what those that were stopped have logged as errors. */
export async function startReal(
  t: ExecutionContext,
): Promise<{readonly real: Real; readonly errors: readonly unknown[]}> {
  const dataDir = await memoryDirectory(t);
  const errors: unknown[] = [];
  const real: Real = {
    server: await startInProcess(t, {dataDir}),
    restart: async () => {
      await real.server.stop();
      errors.push(...real.server.log.filter(({level}) => level === 'error'));
      real.server = await startInProcess(t, {dataDir});
    },
  };
  return {real, errors};
}
