/** Bytes that go to a file and must be those of a digest. */
import {createHash} from 'node:crypto';
import {open, rename, rm} from 'node:fs/promises';
import type {Owner} from '../host/durable-file.ts';
import {type Digest, digestHex} from '../oci/digest.ts';

interface CopyOptions {
  readonly digest: Digest;
  /** Beside the file, until it is whole. */
  readonly staged: string;
  readonly path: string;
  readonly mode: number;
  readonly owner?: Owner | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Source extends AsyncIterable<Uint8Array> {
  /** Takes memory back. */
  recycle?(chunk: Uint8Array): void;
}

/**
 * Answers how many bytes there were; `undefined`: they are not those of the digest, and nothing was kept. In place of what the path holds; durable once its
 * directory is.
 */
export async function copyVerified(
  source: Source,
  {digest, staged, path, mode, owner, signal}: CopyOptions,
): Promise<number | undefined> {
  const hash = createHash('sha256');
  let size = 0;
  let isKept = false;
  const handle = await open(staged, 'w', mode);
  try {
    if (owner) await handle.chown(owner.uid, owner.gid);
    for await (const chunk of source) {
      signal?.throwIfAborted();
      hash.update(chunk);
      await handle.writeFile(chunk);
      size += chunk.length;
      source.recycle?.(chunk);
    }
    if (hash.digest('hex') !== digestHex(digest)) return undefined;
    await handle.sync();
    isKept = true;
  } finally {
    await handle.close();
    if (!isKept) await rm(staged, {force: true});
  }
  await rename(staged, path);
  return size;
}
