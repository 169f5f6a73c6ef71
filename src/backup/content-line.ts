/** A line of content.jsonl: a small file of the storage, and the blob that it leads to. */
import {createHash} from 'node:crypto';
import {type FileHandle, open} from 'node:fs/promises';
import {z} from 'zod';
import {secretMode} from '../host/durable-file.ts';
import {type Digest, isDigest} from '../oci/digest.ts';
import {isContentKey} from '../storage/content-walk.ts';
import type {StorageKey} from '../storage/driver.ts';
import {BackupError} from './backup-error.ts';

export interface ContentLine {
  readonly key: StorageKey;
  /** What is in it; the other where that is no text. */
  readonly text?: string | undefined;
  readonly base64?: string | undefined;
  /** When it was written, in ms: lists tell it. */
  readonly time: number;
  /** The sha256 of the bytes that it leads to, of links of layers and revisions. */
  readonly blob?: Digest | undefined;
  /** Of those, in bytes; absent: they were not there, or damaged. */
  readonly size?: number | undefined;
}

const schema = z.strictObject({
  key: z.custom<StorageKey>((value) => typeof value === 'string' && isContentKey(value)),
  text: z.string().optional(),
  base64: z.base64().optional(),
  time: z.number(),
  blob: z.custom<Digest>((value) => typeof value === 'string' && isDigest(value)).optional(),
  size: z.int().nonnegative().optional(),
});

const strict = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true});

export function textOf(content: Buffer): Pick<ContentLine, 'text' | 'base64'> {
  try {
    return {text: strict.decode(content)};
  } catch (error) {
    if (error instanceof TypeError) return {base64: content.toString('base64')};
    throw error;
  }
}

export const bytesOf = ({text, base64}: ContentLine): Buffer =>
  base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64');

/** Writes them one after the other; to be ended. */
export class ContentList {
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async make(path: string): Promise<ContentList> {
    return new ContentList(await open(path, 'wx', secretMode));
  }

  async add(lines: readonly ContentLine[]): Promise<void> {
    if (lines.length === 0) return;
    await this.#handle.writeFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  /** It is durable then. */
  async end(): Promise<void> {
    await this.#handle.sync();
    await this.#handle.close();
  }

  async discard(): Promise<void> {
    await this.#handle.close();
  }
}

/** Rejects with a BackupError where a line is none. */
export async function* readContentList(path: string): AsyncGenerator<ContentLine> {
  const handle = await open(path);
  const lines = handle.readLines({highWaterMark: 1024 * 1024});
  for await (const line of lines) yield parse(path, line);
}

function parse(path: string, line: string): ContentLine {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    const shown = createHash('sha256').update(line).digest('hex').slice(0, 8);
    throw new BackupError(`${path} is damaged (a line is none, ${shown})`, {cause});
  }
}
