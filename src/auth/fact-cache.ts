/** Facts that were just read: whoever pushes asks for one token after the other. They count until an account, a team or a namespace changes. */
import {LRUCache} from 'lru-cache';
import type {FactSources} from './facts.ts';

/** Of each kind. */
const mostKept = 5_000;
/** In characters: a stranger can ask for names of a hundred parts, a thousand at a time, and each would be kept. */
const longestKept = 2_000;

/** Remembers the questions themselves, so that one that was asked before a change is forgotten with it. */
class Answers<T> {
  readonly #kept = new LRUCache<string, {readonly answer: Promise<T>}>({max: mostKept});

  clear(): void {
    this.#kept.clear();
  }

  async get(key: string, ask: () => Promise<T>): Promise<T> {
    if (key.length > longestKept) return ask();
    const known = this.#kept.get(key);
    if (known) return known.answer;
    const asked = {answer: ask()};
    this.#kept.set(key, asked);
    try {
      return await asked.answer;
    } catch (error) {
      if (this.#kept.peek(key) === asked) this.#kept.delete(key);
      throw error;
    }
  }
}

export class FactCache {
  readonly #namespaces = new Answers<Awaited<ReturnType<FactSources['namespaces']>>>();
  /** One question. */
  readonly #all = new Answers<Awaited<ReturnType<FactSources['allNamespaces']>>>();
  readonly #roles = new Answers<Awaited<ReturnType<FactSources['roles']>>>();

  /** Something has changed, and nobody knows what. */
  clear(): void {
    this.#namespaces.clear();
    this.#all.clear();
    this.#roles.clear();
  }

  /** The same questions, answered out of the cache; what the storage knows, and who has a name, is asked for each time. */
  over(sources: FactSources): FactSources {
    return {
      ...sources,
      namespaces: async (names) =>
        this.#namespaces.get(names.join(' '), async () => sources.namespaces(names)),
      allNamespaces: async () => this.#all.get('', async () => sources.allNamespaces()),
      roles: async (userId) => this.#roles.get(userId, async () => sources.roles(userId)),
    };
  }
}
