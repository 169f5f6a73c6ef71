/** What Holdfast makes of a configuration file of Docker Distribution, and of the variables beside it. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Fault} from '../../../src/config/fault.ts';
import {examine} from '../../../src/config/load.ts';
import type {Sources} from '../../../src/config/load.ts';
import {configSchema} from '../../../src/config/schema.ts';
import {temporaryDirectory} from '../../support/temporary-directory.ts';

/** The least that Distribution starts with, and that has nothing to warn of. */
export const least = `version: 0.1
storage: {filesystem: {rootdirectory: /srv/registry}}
http: {addr: 'localhost:5000'}
auth: {htpasswd: {realm: r, path: /srv/htpasswd}}
`;

interface Seen {
  /** What Distribution's configuration says, as one would write it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** By the path of the setting: `FILE:3:1`, or a variable. */
  readonly origins: Readonly<Record<string, string>>;
  /** `path: message [origin]` */
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
}

type Around = Partial<Pick<Sources, 'env' | 'flags'>>;

/** Of a file that is there already. */
export function lookAt(file: string, {env = {}, flags = {}}: Around = {}): Seen {
  const {faults, loaded} = examine(configSchema, {
    env: {HOLDFAST_CONFIG: '/dev/null', HOLDFAST_DISTRIBUTION_CONFIG: file, ...env},
    flags,
  });
  const line = ({path, message, origin}: Fault): string =>
    `${path}: ${message}${origin?.detail === undefined ? '' : ` [${origin.detail}]`}`.replaceAll(
      file,
      'FILE',
    );
  const settings: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  for (const [path, {detail}] of loaded?.origins ?? []) {
    if (detail === undefined || detail.startsWith('HOLDFAST_') || detail.startsWith('--')) continue;
    settings[path] = loaded?.written.get(path);
    origins[path] = detail.replaceAll(file, 'FILE');
  }
  return {
    settings,
    origins,
    faults: faults.map(line),
    warnings: loaded?.warnings.map(line) ?? [],
  };
}

export async function look(
  t: ExecutionContext,
  text: string | Uint8Array,
  around: Around = {},
): Promise<Seen> {
  const file = join(await temporaryDirectory(t), 'config.yml');
  await writeFile(file, text);
  return lookAt(file, around);
}
