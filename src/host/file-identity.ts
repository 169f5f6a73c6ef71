/** What a file is, whatever it is called: a link has that of what it leads to. */
import {stat} from 'node:fs/promises';
import {codeOrThrow} from './error-code.ts';

/** `undefined`: it is not there, or can't be reached. */
export async function fileIdentity(path: string): Promise<string | undefined> {
  try {
    const {dev, ino} = await stat(path, {bigint: true});
    return `${dev}:${ino}`;
  } catch (error) {
    codeOrThrow(error);
    return undefined;
  }
}
