/** What stands in an htpasswd file. */
import {createHmac, hash, randomBytes} from 'node:crypto';
import {isUsableBcrypt} from '../../metadata/bcrypt-form.ts';
import {parseUserName} from '../../oci/user-name.ts';

/** Why a line lets nobody in; the line itself is never told. */
interface BadLine {
  readonly line: number;
  readonly problem: string;
  /** Known again when the file is read again. */
  readonly fingerprint: string;
}

export interface HtpasswdLines {
  /** By name; `undefined`: the name is there, and can't log in. */
  readonly hashes: ReadonlyMap<string, string | undefined>;
  readonly bad: readonly BadLine[];
}

/**
 * Names count as they are written. Only those that can begin the name of a repository count at all: lower-case letters, digits and single
 * separators. Of two lines for one name the first counts, as in Apache.
 */
export function parseHtpasswd(text: string): HtpasswdLines {
  const hashes = new Map<string, string | undefined>();
  const bad: BadLine[] = [];
  for (const [index, written] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = written.trimEnd();
    if (line === '' || line.startsWith('#')) continue;
    const {name, stored, problem} = parseLine(line);
    const known = name !== undefined && hashes.has(name);
    if (name !== undefined && !known) hashes.set(name, stored);
    const told = known ? 'its name stands further up already' : problem;
    if (told !== undefined) {
      const fingerprint = hash('sha256', `${index}:${line}`, 'base64url');
      bad.push({line: index + 1, problem: told, fingerprint});
    }
  }
  return {hashes, bad};
}

interface Line {
  readonly name?: string;
  readonly stored?: string;
  readonly problem?: string;
}

function parseLine(line: string): Line {
  const colon = line.indexOf(':');
  if (colon < 0) return {problem: 'it has no colon'};
  const name = line.slice(0, colon);
  if (parseUserName(name) === undefined) {
    return {
      problem:
        'its name is no user name: lower-case letters, digits and single separators (. _ -), up to 128',
    };
  }
  const stored = line.slice(colon + 1);
  return isUsableBcrypt(stored) ? {name, stored} : {name, problem: problemOf(stored)};
}

function problemOf(stored: string): string {
  const remedy = 'set the password anew with htpasswd -B';
  if (/^\$2[aby]\$(?:1[5-9]|[2-9]\d)\$/.test(stored)) {
    return `its bcrypt cost is above 14: ${remedy} -C 10`;
  }
  if (stored.startsWith('$2')) return `its bcrypt hash is damaged: ${remedy}`;
  return `its password is not hashed with bcrypt: ${remedy}`;
}

/**
 * Hashes to check the password of unknown names against, so that these take as long as those of the file, whatever their costs: each name
 * has always the same one.
 */
export class StandIns {
  readonly #key = randomBytes(32);

  /** `undefined`: the file lets nobody in, so there is nothing to be told by the time. */
  of({hashes}: HtpasswdLines, name: string): string | undefined {
    const usable = [...hashes.values()].filter((stored) => stored !== undefined);
    const chance = createHmac('sha256', this.#key).update(name).digest().readUInt32BE();
    return usable[chance % usable.length];
  }
}
