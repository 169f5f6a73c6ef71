/** A directory of its own for each test. */
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import fs from 'fs-extra';
import {
  openFilesystemDriver,
  type FilesystemDriverOptions,
} from '../../storage-drivers/filesystem/open-filesystem-driver.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import type {FilesystemDriver} from '../../storage-drivers/filesystem/filesystem-driver.ts';

export async function temporaryRoot(t: ExecutionContext): Promise<string> {
  return temporaryDirectory(t);
}

/** Closed before its directory is removed. */
export async function openTemporary(
  t: ExecutionContext,
  options: Partial<FilesystemDriverOptions> = {},
): Promise<FilesystemDriver & {readonly root: string}> {
  const root = options.root ?? (await temporaryRoot(t));
  const driver = await openFilesystemDriver({exclusiveCreate: 'link', ...options, root});
  t.teardown(() => driver.close());
  return Object.assign(driver, {root});
}

/** Every file below the directory, staged ones too, without the driver's own records. */
export async function filesBelow(root: string): Promise<string[]> {
  const entries = await fs.readdir(root, {recursive: true, withFileTypes: true});
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter(
      (path) =>
        !/^_holdfast\/(?:volume\.json|epochs\/highest|epochs\/\d+\/owner\.json)$/.test(path),
    )
    .sort();
}
