/** A staged file that outlives its writer: it lies beside its key, and whenever it was synced it is recorded how much of it is durable. */
import {dirname} from 'node:path';
import {checkpointLine} from './checkpoint.ts';
import {tolerate} from './errors.ts';
import {newPartBase} from './part-name.ts';
import {StagedFile} from './staged-file.ts';
import {publishFenced} from './staging.ts';
import type {Volume} from './volume.ts';

export class PartFile {
  readonly #volume: Volume;
  readonly #base: string;
  readonly #file: StagedFile;
  readonly #checkpoints: Checkpoints;

  private constructor(volume: Volume, base: string, file: StagedFile, checkpoints: Checkpoints) {
    this.#volume = volume;
    this.#base = base;
    this.#file = file;
    this.#checkpoints = checkpoints;
  }

  static async open(volume: Volume, path: string): Promise<PartFile> {
    const base = newPartBase(path, volume.epoch.number);
    const checkpoints = new Checkpoints(volume, `${base}.checkpoint`);
    volume.liveParts.add(base);
    try {
      const file = await volume.directories.within(dirname(path), () =>
        StagedFile.open(volume.system, `${base}.part`, {
          onSynced: (bytes) => checkpoints.add(bytes),
          syncEvery: () => volume.share.syncEvery,
        }),
      );
      return new PartFile(volume, base, file, checkpoints);
    } catch (error) {
      volume.liveParts.delete(base);
      throw error;
    }
  }

  /** Appends; one call at a time. */
  async write(batch: readonly Uint8Array[]): Promise<void> {
    await this.#file.write(batch);
  }

  /** What has been written so far is durable when resolved, and recorded so. */
  async sync(): Promise<void> {
    await this.#file.sync();
  }

  async seal(): Promise<void> {
    await this.#file.seal();
  }

  /** The part is gone after either answer. */
  async publish(path: string): Promise<'created' | 'exists'> {
    const published = await publishFenced(this.#volume, this.#file.path, path);
    await this.discard();
    return published;
  }

  /** Leaves it to be adopted. */
  async abandon(): Promise<void> {
    await this.#file.abandon();
    await this.#checkpoints.abandon();
    this.#volume.liveParts.delete(this.#base);
  }

  async discard(): Promise<void> {
    await this.#file.discard();
    await this.#checkpoints.discard();
    this.#volume.liveParts.delete(this.#base);
    await tolerate(this.#volume.directories.prune(dirname(this.#base)));
  }
}

/** The record of what is durable, begun with its first line. */
class Checkpoints {
  readonly #volume: Volume;
  readonly #path: string;
  #file: StagedFile | undefined;

  constructor(volume: Volume, path: string) {
    this.#volume = volume;
    this.#path = path;
  }

  async add(bytes: number): Promise<void> {
    const {system, directories} = this.#volume;
    const isFirst = !this.#file;
    this.#file ??= await StagedFile.open(system, this.#path);
    await this.#file.write([checkpointLine(bytes)]);
    await this.#file.sync();
    if (isFirst) await directories.sync(dirname(this.#path));
  }

  async abandon(): Promise<void> {
    await this.#file?.abandon();
  }

  async discard(): Promise<void> {
    await this.#file?.discard();
  }
}
