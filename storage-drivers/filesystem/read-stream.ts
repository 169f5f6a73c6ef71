/** A file, or a range of it, as a stream. */
import {Readable} from 'node:stream';
import {StorageError, type ByteRange} from '../../src/storage/driver.ts';
import {toStorageError} from './errors.ts';
import {openFile} from './read-file.ts';
import type {System} from './system.ts';

const chunkSize = 1024 * 1024;

export async function openReadStream(
  system: System,
  path: string,
  key: string,
  range: ByteRange | undefined,
): Promise<Readable | undefined> {
  const file = await openFile(system, path);
  if (!file) return undefined;
  const {fd, stats} = file;
  let at = range?.start ?? 0;
  const end = range?.end === undefined ? stats.size : range.end + 1;
  let reading: Promise<void> | undefined;

  function tooShort(): StorageError {
    return new StorageError('corrupt', `${key} has ${stats.size} bytes, and ${end} were asked for`);
  }

  async function readNext(stream: Readable): Promise<void> {
    const buffer = Buffer.allocUnsafeSlow(Math.min(chunkSize, end - at));
    try {
      const count = await system.read(fd, buffer, at);
      reading = undefined;
      if (count === 0) stream.destroy(tooShort());
      else {
        at += count;
        stream.push(buffer.subarray(0, count));
      }
    } catch (error) {
      stream.destroy(toStorageError(error, 'openRead', key));
    }
  }

  return new Readable({
    highWaterMark: chunkSize,
    read() {
      if (at === end) this.push(null);
      else if (at > end) this.destroy(tooShort());
      else reading = readNext(this);
    },
    destroy(error, callback) {
      // A descriptor that is closed under a running read may be another file's by the time it reads.
      void (reading ?? Promise.resolve())
        .then(() => system.close(fd))
        .then(
          () => {
            callback(error);
          },
          (failure: unknown) => {
            callback(error ?? toStorageError(failure, 'openRead', key));
          },
        );
    },
  });
}
