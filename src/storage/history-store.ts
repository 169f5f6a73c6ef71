/** What each tag pointed at, when, and by whom: append-only. */
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

/** Entries whose files are read together. */
const width = 32;

export class HistoryStore {
  readonly #driver: StorageDriver;
  readonly #now: () => Date;

  constructor(driver: StorageDriver, now: () => Date) {
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
    const prefix = repositoryKeys(name).historyOf(tag);
    const files: {readonly file: string; readonly at: Date; readonly digest: Digest | undefined}[] =
      [];
    for await (const {name: file, kind} of this.#driver.list(prefix)) {
      const entry = kind === 'object' ? historyEntry(file) : undefined;
      if (entry && (before === undefined || entry.at < before)) files.push({file, ...entry});
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

  /** Tags that have a history, be they there or not; sorted by bytes. */
  async tags(
    name: RepositoryName,
    {after = '', limit}: {readonly after?: string; readonly limit: number},
  ): Promise<readonly Tag[]> {
    const found: Tag[] = [];
    const options = {...(after === '' ? {} : {after}), limit};
    for await (const {name: tag} of this.#driver.list(repositoryKeys(name).histories, options)) {
      if (isTag(tag)) found.push(tag);
    }
    return found;
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
