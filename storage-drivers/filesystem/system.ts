/** Every system call that the driver makes on the volume, in one object, so that a test can fail each in turn. */
import type {BigIntStats, Dirent, Stats, StatsFs} from 'node:fs';
import {statfs} from 'node:fs/promises';
import fs from 'fs-extra';

export interface System {
  open(path: string, flags: string | number): Promise<number>;
  close(fd: number): Promise<void>;
  /** Fills the buffer from `position` on; answers how many bytes came, 0 at the end of the file. */
  read(fd: number, buffer: Uint8Array, position: number): Promise<number>;
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

/** Modes are left to the umask: other programs (Distribution, a backup) read the tree. */
export const realSystem: System = {
  open: (path, flags) => fs.open(path, flags, 0o666),
  close: (fd) => fs.close(fd),
  read: async (fd, buffer, position) =>
    (await fs.read(fd, buffer, 0, buffer.byteLength, position)).bytesRead,
  writev: async (fd, buffers) => (await fs.writev(fd, buffers)).bytesWritten,
  fsync: (fd) => fs.fsync(fd),
  datasync: (fd) => fs.fdatasync(fd),
  truncate: (fd, size) => fs.ftruncate(fd, size),
  fstat: (fd) => fs.fstat(fd),
  stat: (path) => fs.stat(path),
  lstat: (path) => fs.lstat(path, {bigint: true}),
  statfs: (path) => statfs(path),
  link: (from, to) => fs.link(from, to),
  rename: (from, to) => fs.rename(from, to),
  unlink: (path) => fs.unlink(path),
  mkdir: (path) => fs.mkdir(path, 0o777),
  rmdir: (path) => fs.rmdir(path),
  readdir: (path) => fs.readdir(path, {withFileTypes: true}),
  utimes: (path, time) => fs.utimes(path, time, time),
};
