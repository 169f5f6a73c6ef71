/** A staged file that outlives its writer: it lies beside its key, and every 64 MiB it is recorded how much of it is durable. */
import {dirname} from 'node:path';
import {checkpointLine} from './checkpoint.ts';
import {tolerate} from './errors.ts';
import {newPartBase} from './part-name.ts';
import {StagedFile} from './staged-file.ts';
import {publishThroughStaging} from './staging.ts';
import type {Volume} from './volume.ts';

const checkpointEvery = 64 * 1024 * 1024;

export class PartFile {
  readonly #volume: Volume;
  readonly #base: string;
  readonly #file: StagedFile;
  #checkpoints: StagedFile | undefined;
  #written = 0;
  #recorded = 0;
  /** The checkpoint under way: writing goes on meanwhile. */
  #recording: Promise<void> | undefined;
  /** A sync failed: what was written may be lost, whatever a later sync says. */
  #lost: {readonly cause: unknown} | undefined;

  private constructor(volume: Volume, base: string, file: StagedFile) {
    this.#volume = volume;
    this.#base = base;
    this.#file = file;
  }

  static async open(volume: Volume, path: string): Promise<PartFile> {
    const base = newPartBase(path, volume.epoch.number);
    volume.liveParts.add(base);
    try {
      const file = await volume.directories.within(dirname(path), () =>
        StagedFile.open(volume.system, `${base}.part`),
      );
      return new PartFile(volume, base, file);
    } catch (error) {
      volume.liveParts.delete(base);
      throw error;
    }
  }

  /** Appends; one call at a time. */
  async write(batch: readonly Uint8Array[]): Promise<void> {
    this.#throwIfLost();
    await this.#file.write(batch);
    for (const {byteLength} of batch) this.#written += byteLength;
    if (!this.#recording && this.#written - this.#recorded >= checkpointEvery)
      this.#recording = this.#record(this.#written);
  }

  async seal(): Promise<void> {
    await this.#recording;
    this.#throwIfLost();
    await this.#file.seal();
  }

  /** The part is gone after either answer. */
  async publish(path: string): Promise<'created' | 'exists'> {
    const published = await publishThroughStaging(this.#volume, this.#file.path, path);
    await this.discard();
    return published;
  }

  async discard(): Promise<void> {
    await this.#recording;
    await this.#file.discard();
    await this.#checkpoints?.discard();
    this.#volume.liveParts.delete(this.#base);
    await tolerate(this.#volume.directories.prune(dirname(this.#base)));
  }

  #throwIfLost(): void {
    if (this.#lost) throw this.#lost.cause;
  }

  /** Never rejects: nobody may be waiting. */
  async #record(bytes: number): Promise<void> {
    try {
      await this.#file.datasync();
      const isFirst = !this.#checkpoints;
      this.#checkpoints ??= await StagedFile.open(this.#volume.system, `${this.#base}.checkpoint`);
      await this.#checkpoints.write([checkpointLine(bytes)]);
      await this.#checkpoints.datasync();
      if (isFirst) await this.#volume.directories.sync(dirname(this.#base));
      this.#recorded = bytes;
    } catch (cause) {
      this.#lost = {cause};
    }
    this.#recording = undefined;
  }
}
