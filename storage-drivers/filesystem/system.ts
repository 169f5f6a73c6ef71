/** Every system call that the driver makes on the volume, in one object, so that a test can fail each in turn. */
import fs, {type BigIntStats, type Dirent, type Stats, type StatsFs} from 'node:fs';
import {promisify} from 'node:util';

export interface System {
  open(path: string, flags: string | number): Promise<number>;
  close(fd: number): Promise<void>;
  /** Fills the buffer from `position` on; answers how many bytes came, 0 at the end of the file. */
  read(fd: number, buffer: Uint8Array, position: number): Promise<number>;
  /** All of a file that has few bytes, at once; `undefined`: it is none of those, or can't be read, and the other calls tell. Absent where nobody must wait for it. */
  readShort?(path: string): Buffer | undefined;
  /** Appends at the descriptor's position; answers how many bytes went, which may be fewer than given. */
  writev(fd: number, buffers: readonly Uint8Array[]): Promise<number>;
  fsync(fd: number): Promise<void>;
  datasync(fd: number): Promise<void>;
  truncate(fd: number, size: number): Promise<void>;
  fstat(fd: number): Promise<Stats>;
  /** Follows symbolic links. */
  stat(path: string): Promise<Stats>;
  /** The entry itself; inode numbers of NFS need all 64 bits. */
  lstat(path: string): Promise<BigIntStats>;
  /** Of the whole file system that the path lies on. */
  statfs(path: string): Promise<StatsFs>;
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  mkdir(path: string): Promise<void>;
  rmdir(path: string): Promise<void>;
  readdir(path: string): Promise<Dirent[]>;
  utimes(path: string, time: Date): Promise<void>;
}

const call = {
  open: promisify(fs.open),
  close: promisify(fs.close),
  read: promisify(fs.read),
  writev: promisify(fs.writev),
  fsync: promisify(fs.fsync),
  fdatasync: promisify(fs.fdatasync),
  ftruncate: promisify(fs.ftruncate),
  fstat: promisify(fs.fstat),
  stat: promisify(fs.stat),
  lstat: promisify(fs.lstat),
  statfs: promisify(fs.statfs),
  link: promisify(fs.link),
  rename: promisify(fs.rename),
  unlink: promisify(fs.unlink),
  mkdir: promisify(fs.mkdir),
  rmdir: promisify(fs.rmdir),
  readdir: promisify(fs.readdir),
  utimes: promisify(fs.utimes),
};

/**
 * Node's own calls: fs-extra's would wait in vain for a free descriptor where there is none (EMFILE), and these are made for every request. Modes
 * are left to the umask: other programs (Distribution, a backup) read the tree.
 */
export const realSystem: System = {
  open: (path, flags) => call.open(path, flags, 0o666),
  close: (fd) => call.close(fd),
  read: async (fd, buffer, position) =>
    (await call.read(fd, buffer, 0, buffer.byteLength, position)).bytesRead,
  writev: async (fd, buffers) => (await call.writev(fd, buffers)).bytesWritten,
  fsync: (fd) => call.fsync(fd),
  datasync: (fd) => call.fdatasync(fd),
  truncate: (fd, size) => call.ftruncate(fd, size),
  fstat: (fd) => call.fstat(fd),
  stat: (path) => call.stat(path),
  lstat: (path) => call.lstat(path, {bigint: true}),
  statfs: (path) => call.statfs(path),
  link: (from, to) => call.link(from, to),
  rename: (from, to) => call.rename(from, to),
  unlink: (path) => call.unlink(path),
  mkdir: (path) => call.mkdir(path, 0o777),
  rmdir: (path) => call.rmdir(path),
  readdir: (path) => call.readdir(path, {withFileTypes: true}),
  utimes: (path, time) => call.utimes(path, time, time),
};
