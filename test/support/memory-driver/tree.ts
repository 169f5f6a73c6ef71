/** The objects by the segments of their keys. A prefix is there as long as something lies below it. */
import {StorageError} from '../../../src/storage/driver.ts';

export interface StoredObject {
  readonly content: Buffer;
  modifiedAt: Date;
}

type Prefix = Map<string, Prefix | StoredObject>;

export class Tree {
  readonly #root: Prefix = new Map();

  find(key: string): StoredObject | undefined {
    const {prefix, name} = this.#locate(key);
    const node = prefix?.get(name);
    return node instanceof Map ? undefined : node;
  }

  /** Puts the object in place of what has the key. StorageError `corrupt` where one of key and object lies below the other. */
  put(key: string, object: StoredObject): void {
    const names = key.split('/');
    const name = names.pop() ?? '';
    // Looked at first: a refusal must not leave prefixes behind.
    const {isBlocked} = this.#locate(key);
    if (isBlocked) throw new StorageError('corrupt', `an object holds a prefix of ${key}`);
    let at = this.#root;
    for (const segment of names) {
      const next = at.get(segment);
      const prefix = next instanceof Map ? next : new Map<string, Prefix | StoredObject>();
      at.set(segment, prefix);
      at = prefix;
    }
    if (at.get(name) instanceof Map) throw new StorageError('corrupt', `${key} is a prefix`);
    at.set(name, object);
  }

  remove(key: string): boolean {
    if (!this.find(key)) return false;
    this.#removeFrom(this.#root, key.split('/'));
    return true;
  }

  removePrefix(prefix: string): boolean {
    const {prefix: above, name} = this.#locate(prefix);
    if (!(above?.get(name) instanceof Map)) return false;
    this.#removeFrom(this.#root, prefix.split('/'));
    return true;
  }

  /** Names right below the prefix, sorted: they are ASCII, and so is their order that of bytes. */
  entries(prefix: string): {name: string; kind: 'object' | 'prefix'}[] {
    let at: Prefix | StoredObject | undefined = this.#root;
    if (prefix !== '') {
      const located = this.#locate(prefix);
      at = located.prefix?.get(located.name);
    }
    if (!(at instanceof Map)) return [];
    return [...at]
      .map(([name, node]) => ({name, kind: kindOf(node)}))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #locate(key: string): {prefix: Prefix | undefined; name: string; isBlocked: boolean} {
    const names = key.split('/');
    const name = names.pop() ?? '';
    let at = this.#root;
    for (const segment of names) {
      const next = at.get(segment);
      if (!(next instanceof Map)) return {prefix: undefined, name, isBlocked: next !== undefined};
      at = next;
    }
    return {prefix: at, name, isBlocked: false};
  }

  #removeFrom(prefix: Prefix, [name = '', ...below]: readonly string[]): void {
    const next = prefix.get(name);
    if (below.length > 0 && next instanceof Map) {
      this.#removeFrom(next, below);
      if (next.size > 0) return;
    }
    prefix.delete(name);
  }
}

function kindOf(node: Prefix | StoredObject): 'object' | 'prefix' {
  return node instanceof Map ? 'prefix' : 'object';
}
