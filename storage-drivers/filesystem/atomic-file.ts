/** The driver's own small records, written so that they are there whole or not at all. */
import {randomUUID} from 'node:crypto';
import {dirname} from 'node:path';
import type {Directories} from './directories.ts';
import {hasCode} from './errors.ts';
import {explainLinkFailure} from './hard-links.ts';
import {StagedFile} from './staged-file.ts';
import type {System} from './system.ts';

/** Replaces the file; staged in the given directory of the same file system. */
export async function replaceFile(
  system: System,
  directories: Directories,
  path: string,
  text: string,
  stagingDirectory: string,
): Promise<void> {
  const file = await stageText(system, `${stagingDirectory}/${randomUUID()}.tmp`, text);
  try {
    await system.rename(file.path, path);
  } catch (error) {
    await file.discard();
    throw error;
  }
  await directories.sync(dirname(path));
}

/** Of several processes one writes the file: false where another was first. */
export async function createFile(
  system: System,
  directories: Directories,
  path: string,
  text: string,
  exclusiveCreate: 'link' | 'rename',
): Promise<boolean> {
  const file = await stageText(system, `${path}.${randomUUID()}.tmp`, text);
  try {
    if (exclusiveCreate === 'rename') await system.rename(file.path, path);
    else await system.link(file.path, path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw explainLinkFailure(error, dirname(path));
  } finally {
    await file.discard();
  }
  await directories.sync(dirname(path));
  return true;
}

async function stageText(system: System, path: string, text: string): Promise<StagedFile> {
  const file = await StagedFile.open(system, path);
  try {
    await file.write([Buffer.from(text)]);
    await file.seal();
    return file;
  } catch (error) {
    await file.discard();
    throw error;
  }
}
