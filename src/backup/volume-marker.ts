/** `_holdfast/volume.json` of a storage: which volume it is. */
import {join} from 'node:path';
import {z} from 'zod';
import {volumeRecordKey} from '../storage/keys.ts';
import {BackupError} from './backup-error.ts';
import {readIfThere} from './secret-files.ts';

const schema = z.looseObject({id: z.string().min(1)});

export interface VolumeMarker {
  readonly id: string;
  readonly content: Buffer;
}

export const markerPath = (registry: string): string => join(registry, volumeRecordKey);

/** `undefined`: no server has served that directory yet. */
export async function readMarker(registry: string): Promise<VolumeMarker | undefined> {
  const path = markerPath(registry);
  const content = await readIfThere(path);
  return content && {id: idIn(content, path), content};
}

export function idIn(content: Buffer, path: string): string {
  try {
    return schema.parse(JSON.parse(content.toString())).id;
  } catch (cause) {
    throw new BackupError(`${path} is damaged`, {cause});
  }
}
