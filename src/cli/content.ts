/** What the commands about content have in common: a running server does it, as it alone knows what is under way. */
import type {Command} from 'commander';
import type {z} from 'zod';
import type {ContentContext} from '../auth/administration/context.ts';
import type {Operation} from '../auth/administration/operation.ts';
import {dataPaths} from '../config/data-directory.ts';
import {namingOptions, throughServer} from './administration.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import {serverOf} from './remote/server.ts';
import {type Destructive, destructiveVerb} from './verb.ts';

export interface Removing extends Destructive {
  readonly dryRun?: true;
}

export const removingVerb = (noun: Command, usage: string, sentence: string): Command =>
  destructiveVerb(noun, usage, sentence).option('--dry-run', 'tell what would go, and stop');

/** Rejects with a Failure that has the sentence for a person. */
export async function ask<I extends z.ZodType, O extends z.ZodType>(
  command: Command,
  operation: Operation<I, O, ContentContext>,
  input: z.input<I>,
): Promise<z.output<O>> {
  const server = serverOf(command);
  if (server) {
    const {askElsewhere} = await import('./remote/ask-elsewhere.ts');
    return askElsewhere(server, operation, input);
  }
  const answer = await namingOptions(command, async () => throughServer(command, operation, input));
  if (answer === undefined) {
    throw new Failure(
      `no server runs in ${dataPaths(loadFor(command).config).root}: start it with holdfast serve, name the data directory of one that runs with --data-dir or --config, or a server elsewhere with --server`,
    );
  }
  return answer;
}

/** `tools/saw:v1`. */
export function partsOf(text: string): {readonly repository: string; readonly tag: string} {
  const colon = text.lastIndexOf(':');
  if (colon === -1) throw new Failure(`${text} has no tag: say it as tools/saw:v1`, {code: 2});
  return {repository: text.slice(0, colon), tag: text.slice(colon + 1)};
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** `12.3 MiB`. */
export function bytes(count: number | undefined): string | undefined {
  if (count === undefined) return undefined;
  const step = Math.min(Math.floor(Math.log2(Math.max(count, 1)) / 10), units.length - 1);
  const value = count / 1024 ** step;
  return `${step === 0 ? value : value.toFixed(1)} ${units[step] ?? ''}`;
}
