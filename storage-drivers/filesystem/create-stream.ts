/** Publishes what a source delivers, or what it delivered before it broke off. */
import type {StreamResult} from '../../src/storage/driver.ts';
import type {Intake} from './intake.ts';
import {PartFile} from './part-file.ts';
import {openStagedFile, publishStaged} from './staging.ts';
import type {Volume} from './volume.ts';

/** What the caller threw (or a source failed with) is a value here: it is not to be taken for an error of ours. */
export type StreamOutcome = StreamResult | {readonly outcome: 'failed'; readonly cause: unknown};

interface Target {
  write(batch: readonly Uint8Array[]): Promise<void>;
  seal(): Promise<void>;
  publish(path: string): Promise<'created' | 'exists'>;
  discard(): Promise<void>;
}

export async function createStream(
  volume: Volume,
  path: string,
  intake: Intake,
  keepPartial: boolean,
): Promise<StreamOutcome> {
  const target = keepPartial ? await PartFile.open(volume, path) : await openTarget(volume);
  try {
    const stop = await intake.drainTo((batch) => target.write(batch));
    const {size} = intake;
    const isCut = stop.how === 'cut';
    if (stop.how === 'refused' || (isCut && !keepPartial)) {
      await target.discard();
      return {outcome: 'failed', cause: stop.cause};
    }
    if (isCut && size === 0) {
      await target.discard();
      return {outcome: 'partial', size, cause: stop.cause};
    }
    await target.seal();
    const outcome = await target.publish(path);
    if (isCut && outcome === 'created') return {outcome: 'partial', size, cause: stop.cause};
    return {outcome, size};
  } catch (error) {
    await target.discard();
    throw error;
  }
}

async function openTarget(volume: Volume): Promise<Target> {
  const file = await openStagedFile(volume);
  return {
    write: (batch) => file.write(batch),
    seal: () => file.seal(),
    publish: (path) => publishStaged(volume, file.path, path),
    discard: () => file.discard(),
  };
}
