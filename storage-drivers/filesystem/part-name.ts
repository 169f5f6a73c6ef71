/** `<key>.<epoch>-<random>.part` and its `.checkpoint`: the staged files that outlive their writer, beside their key. */
import {randomUUID} from 'node:crypto';

export interface PartName {
  readonly epoch: number;
  /** The path without `.part`. */
  readonly base: string;
}

export function newPartBase(path: string, epoch: number): string {
  return `${path}.${epoch}-${randomUUID()}`;
}

/** `undefined` where the file (of the same directory) is no part or checkpoint of this key. */
export function parsePartName(path: string, fileName: string): PartName | undefined {
  const keyName = path.slice(path.lastIndexOf('/') + 1);
  if (!fileName.startsWith(`${keyName}.`)) return undefined;
  const match = /^(\d+)-[0-9a-f-]+(?=\.(?:part|checkpoint)$)/.exec(
    fileName.slice(keyName.length + 1),
  );
  return match ? {epoch: Number(match[1]), base: `${path}.${match[0]}`} : undefined;
}

/** The name of the key of which a file of that name is a part or checkpoint; `undefined`: it is neither. */
export function keyNameOf(fileName: string): string | undefined {
  return /^(.+)\.\d+-[0-9a-f-]+\.(?:part|checkpoint)$/.exec(fileName)?.[1];
}
