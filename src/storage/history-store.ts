/** What each tag pointed at, when, and by whom: append-only. */
import type {Clock} from '../host/clock.ts';
import {type Digest, isDigest} from '../oci/digest.ts';
import type {RepositoryName} from '../oci/name.ts';
import {isTag, type Tag} from '../oci/tag.ts';
import type {StorageDriver} from './driver.ts';
import {historyEntry, repositoryKeys} from './keys.ts';

export interface HistoryEntry {
  readonly at: Date;
  /** `undefined`: the tag was deleted. */
  readonly digest: Digest | undefined;
  /** The name of an account; `undefined`: not known. */
  readonly by: string | undefined;
}

/** What the name of an entry's file says. */
interface EntryName extends Pick<HistoryEntry, 'at' | 'digest'> {
  readonly file: string;
}

/** Entries whose files are read together. */
const width = 32;

export class HistoryStore {
  readonly #driver: StorageDriver;
  readonly #now: Clock;

  constructor(driver: StorageDriver, now: Clock) {
    this.#driver = driver;
    this.#now = now;
  }

  /** Of what comes now, or came at a time that is known. */
  async add(
    name: RepositoryName,
    tag: Tag,
    {at = this.#now(), digest, by}: Partial<HistoryEntry>,
  ): Promise<void> {
    const content = Buffer.from(JSON.stringify({digest, by}));
    await this.#driver.create(repositoryKeys(name).history(tag, at, digest), content);
  }

  /** The newest first, at most `limit`; `before`: older than that. */
  async list(
    name: RepositoryName,
    tag: Tag,
    {limit, before}: {readonly limit: number; readonly before?: Date | undefined},
  ): Promise<readonly HistoryEntry[]> {
    const files: EntryName[] = [];
    for await (const entry of this.#names(name, tag)) {
      if (before === undefined || entry.at < before) files.push(entry);
    }
    const newest = files.reverse().slice(0, limit);
    const found: HistoryEntry[] = [];
    for (let start = 0; start < newest.length; start += width) {
      const some = newest.slice(start, start + width).map(async ({file, at, digest}) => ({
        at,
        digest,
        by: byOf(await this.#driver.read(repositoryKeys(name).historyFile(tag, file))),
      }));
      found.push(...(await Promise.all(some)));
    }
    return found;
  }

  /** All that the tag has pointed at: no file is read for it. */
  async digests(name: RepositoryName, tag: Tag): Promise<ReadonlySet<Digest | undefined>> {
    const found = new Set<Digest | undefined>();
    for await (const {digest} of this.#names(name, tag)) found.add(digest);
    return found;
  }

  /** Tags that have a history, be they there or not; sorted by bytes, after `after`. The directory is read once. */
  async *tags(name: RepositoryName, after = ''): AsyncGenerator<Tag> {
    const options = after === '' ? {} : {after};
    for await (const {name: tag} of this.#driver.list(repositoryKeys(name).histories, options)) {
      if (isTag(tag)) yield tag;
    }
  }

  /** The oldest first. */
  async *#names(name: RepositoryName, tag: Tag): AsyncGenerator<EntryName> {
    for await (const {name: file, kind} of this.#driver.list(repositoryKeys(name).historyOf(tag))) {
      const entry = kind === 'object' ? historyEntry(file) : undefined;
      if (entry) yield {file, ...entry};
    }
  }
}

/** Entries of former versions hold the digest alone; of damaged ones nothing but the name is believed. */
function byOf(content: Buffer | undefined): string | undefined {
  const text = content?.toString() ?? '';
  if (isDigest(text)) return undefined;
  try {
    const {by} = JSON.parse(text) as {readonly by?: unknown};
    return typeof by === 'string' && by.length <= 255 ? by : undefined;
  } catch {
    return undefined;
  }
}
