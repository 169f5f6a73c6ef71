/** The calls that read, and write what is small, made at once: for a thread that has nothing else to do, where waiting for the pool of threads would cost more than the call. */
import fs from 'node:fs';
import {realSystem, type System} from './system.ts';

const now = async <T>(call: () => T): Promise<T> =>
  new Promise((resolve) => {
    resolve(call());
  });

/** In bytes. */
const short = 64 * 1024;
const scratch = Buffer.allocUnsafeSlow(short);

/** Three calls in place of four, and none that waits: most objects are short, and there are four for each manifest. */
function readShort(path: string): Buffer | undefined {
  let fd: number | undefined;
  try {
    fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const count = fs.readSync(fd, scratch, 0, short, 0);
    return count > 0 && count < short ? Buffer.from(scratch.subarray(0, count)) : undefined;
  } catch {
    // What it is the others say.
    return undefined;
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

export const blockingSystem: System = {
  ...realSystem,
  readShort,
  open: async (path, flags) => now(() => fs.openSync(path, flags, 0o666)),
  close: async (fd) =>
    now(() => {
      fs.closeSync(fd);
    }),
  read: async (fd, buffer, position) =>
    now(() => fs.readSync(fd, buffer, 0, buffer.byteLength, position)),
  writev: async (fd, buffers) => now(() => fs.writevSync(fd, buffers)),
  fstat: async (fd) => now(() => fs.fstatSync(fd)),
  stat: async (path) => now(() => fs.statSync(path)),
  lstat: async (path) => now(() => fs.lstatSync(path, {bigint: true})),
  readdir: async (path) => now(() => fs.readdirSync(path, {withFileTypes: true})),
};
