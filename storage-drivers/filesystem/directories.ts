/** Makes, syncs and prunes directories, so that an entry below them survives a power cut. */
import {dirname, relative} from 'node:path';
import {LRUCache} from 'lru-cache';
import {hasCode} from './errors.ts';
import type {System} from './system.ts';

/** How often a concurrent `delete` may take the parent away before we give up: each time it must hit a moment of microseconds. */
const attempts = 100;

/** Directories that are remembered. */
const mostSettled = 20_000;

export class Directories {
  readonly #system: System;
  readonly #root: string;
  /** Directories that exist or soon will, whose entry in the parent is not yet durable. */
  readonly #pending = new Map<string, Promise<void>>();
  /**
   * Directories whose entries are durable: they were synced since this process began. Of any other nobody knows: whoever made a directory in it may have
   * been killed, or have failed, before it was synced.
   */
  readonly #settled = new LRUCache<string, true>({maxSize: mostSettled, sizeCalculation: () => 1});

  constructor(system: System, root: string) {
    this.#system = system;
    this.#root = root;
  }

  /** Makes the directory and its parents; durable when resolved. Racers share one making, and so wait for its sync. */
  make(path: string): Promise<void> {
    const pending = this.#pending.get(path);
    if (pending) return pending;
    const making = this.#make(path).finally(() => this.#pending.delete(path));
    this.#pending.set(path, making);
    return making;
  }

  /** Acts below a directory, which is made (again) whenever the act finds it missing. */
  async within<T>(path: string, act: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await act();
      } catch (error) {
        if (!hasCode(error, 'ENOENT') || attempt === attempts) throw error;
      }
      await this.make(path);
    }
  }

  /** Makes the entries of the directory durable, and the directory itself: costs a sync of each that is above it, when it is first used. */
  async sync(path: string): Promise<void> {
    for (let at = path; this.#pending.size > 0 && at !== dirname(at); at = dirname(at))
      await this.#pending.get(at);
    for (let at = path; at !== this.#root && at !== dirname(at);) {
      at = dirname(at);
      if (!this.#settled.has(at)) await this.#settle(at);
    }
    await this.#sync(path);
  }

  /** Removes the directory and its parents as long as they are empty; never the root or one right below it. Answers the lowest left. */
  async prune(path: string): Promise<string> {
    let at = path;
    while (relative(this.#root, at).includes('/')) {
      try {
        await this.#system.rmdir(at);
      } catch (error) {
        // ENOTDIR is a symbolic link to a directory, EBUSY a mount point.
        if (hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EBUSY')) break;
        if (!hasCode(error, 'ENOENT')) throw error;
      }
      at = dirname(at);
    }
    return at;
  }

  async #make(path: string): Promise<void> {
    const parent = dirname(path);
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#system.mkdir(path);
        break;
      } catch (error) {
        if (hasCode(error, 'EEXIST')) return;
        if (!hasCode(error, 'ENOENT') || parent === path || attempt === attempts) throw error;
      }
      await this.make(parent);
    }
    await this.#settle(parent);
  }

  async #settle(path: string): Promise<void> {
    this.#settled.delete(path);
    await this.#sync(path);
    this.#settled.set(path, true);
  }

  async #sync(path: string): Promise<void> {
    let fd: number;
    try {
      fd = await this.#system.open(path, 'r');
    } catch (error) {
      // A concurrent delete took what was published, and then the empty directory: nothing is left to be kept.
      if (hasCode(error, 'ENOENT')) return;
      throw error;
    }
    try {
      await this.#system.fsync(fd);
    } catch (error) {
      // File systems that know no fsync of a directory (some FUSE) write entries at once.
      if (!hasCode(error, 'EINVAL', 'ENOTSUP')) throw error;
    } finally {
      await this.#system.close(fd);
    }
  }
}
