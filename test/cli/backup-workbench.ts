/** Backups of a data directory by the command line, and what was put back. */
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {type Api, type Content, getBytes, mediaTypes} from '../support/content.ts';
import {sameBytes} from '../support/same-bytes.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import {type Ended, holdfast} from './holdfast.ts';

export interface MadeBackup {
  readonly set: string;
  readonly directory: string;
  readonly content: 'copy' | 'none';
  readonly found: number;
  readonly findings: readonly {readonly digest: string; readonly kind: string}[];
  readonly figures: Readonly<Record<string, number>>;
  readonly removed: {readonly sets: readonly string[]; readonly bytes: number};
}

export interface BackupBench {
  readonly cwd: string;
  /** Where the backups go, and a data directory that is not there yet. */
  readonly backups: string;
  readonly fresh: string;
  /** `backup /where list`; on the data directory unless it says another one. */
  readonly run: (...words: readonly string[]) => Promise<Ended>;
  /** Makes one; fails the test unless it ends with that code. */
  readonly backup: (words?: readonly string[], code?: number) => Promise<MadeBackup>;
  /** Into the fresh directory; its answer as JSON. */
  readonly restore: (words?: readonly string[], code?: number) => Promise<unknown>;
}

export async function backupBench(t: ExecutionContext, dataDir: string): Promise<BackupBench> {
  const cwd = await memoryDirectory(t);
  const backups = join(cwd, 'backups');
  const fresh = join(cwd, 'fresh');
  const env = {HOLDFAST_DATA_DIR: dataDir};
  const run: BackupBench['run'] = async (...words) => holdfast(words, {cwd, env});
  const json = async (words: readonly string[], code: number): Promise<unknown> => {
    const ended = await run(...words, '--json');
    t.is(ended.code, code, ended.stderr + ended.stdout);
    return JSON.parse(ended.stdout) as unknown;
  };
  return {
    cwd,
    backups,
    fresh,
    run,
    backup: async (words = [], code = 0) =>
      (await json(['backup', backups, ...words], code)) as MadeBackup,
    restore: async (words = [], code = 0) =>
      json(['restore', backups, '--data-dir', fresh, ...words], code),
  };
}

/** An image that was acknowledged. */
export interface Pushed {
  readonly name: string;
  readonly tag: string;
  readonly image: Content;
  readonly layers: readonly Content[];
}

/** All of it, by its tag and by its digests. */
export async function requirePull(
  t: ExecutionContext,
  api: Api,
  {name, tag, image, layers}: Pushed,
): Promise<void> {
  for (const reference of [tag, image.digest]) {
    const path = `/v2/${name}/manifests/${reference}`;
    const answer = await getBytes(api, path).set('Accept', mediaTypes.image).expect(200);
    sameBytes(t, answer.body, image.bytes);
  }
  for (const {digest, bytes} of layers) {
    const answer = await getBytes(api, `/v2/${name}/blobs/${digest}`).expect(200);
    sameBytes(t, answer.body, bytes);
  }
}

/** Paths of files below a directory. */
export const filesIn = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory, {recursive: true, withFileTypes: true}))
    .filter((entry) => entry.isFile())
    .map(({parentPath, name}) => join(parentPath, name).slice(directory.length + 1))
    .toSorted();
