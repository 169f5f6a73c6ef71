/**
 * Small objects as they were read last. Each use asks the file system first whether the file still is what it was: one system call instead
 * of four, and never what another program has changed since.
 */
import {LRUCache} from 'lru-cache';
import {currentVersion, versionOf} from './entry-version.ts';
import {readFileAndStats} from './read-file.ts';
import type {System} from './system.ts';

/** In bytes, of all objects together. */
const capacity = 16 * 1024 * 1024;
const largestObject = 1024 * 1024;
/** What an entry takes beside its content. */
const overhead = 300;

interface Entry {
  readonly version: string;
  readonly content: Buffer;
}

export class ReadCache {
  readonly #system: System;
  readonly #entries = new LRUCache<string, Entry>({
    maxSize: capacity,
    maxEntrySize: largestObject,
    sizeCalculation: ({content}, path) => content.byteLength + path.length + overhead,
  });

  /** Of several that ask for one object at a time, the file system is asked once. */
  readonly #asking = new Map<string, Promise<Buffer | undefined>>();

  constructor(system: System) {
    this.#system = system;
  }

  /** As `readFile`; the same Buffer again as long as the file is the same. */
  async read(path: string): Promise<Buffer | undefined> {
    const asked = this.#asking.get(path);
    if (asked) return asked;
    const asking = this.#read(path).finally(() => {
      if (this.#asking.get(path) === asking) this.#asking.delete(path);
    });
    this.#asking.set(path, asking);
    return asking;
  }

  /** This process has changed something: who asks from now on gets no answer that was begun before. */
  renew(): void {
    this.#asking.clear();
  }

  async #read(path: string): Promise<Buffer | undefined> {
    const known = this.#entries.get(path);
    if (known && known.version === (await currentVersion(this.#system, path))) return known.content;
    const file = await readFileAndStats(this.#system, path);
    const version = file && versionOf(file.stats);
    if (file && version !== undefined) this.#entries.set(path, {version, content: file.content});
    else this.#entries.delete(path);
    return file?.content;
  }
}
