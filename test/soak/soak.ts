/** A run: so many clients push, pull and delete for so long; every byte is compared, and the server is watched. */
import {rm} from 'node:fs/promises';
import {join} from 'node:path';
import {Client} from '../load/client.ts';
import {describe, growth, settle} from '../load/growth.ts';
import {Random} from '../load/random.ts';
import {ServerProcess} from '../load/server-process.ts';
import {verdict} from '../load/verdict.ts';
import {watch} from '../load/watch.ts';
import {keys} from '../support/disk.ts';
import {Images} from './images.ts';

interface SoakOptions {
  readonly seed: number;
  readonly milliseconds: number;
  readonly clients: number;
  /** With accounts, of which the admin has this password; without it there are none. */
  readonly adminPassword?: string | undefined;
  readonly say: (line: string) => void;
}

interface SoakResult {
  readonly images: number;
  /** What went wrong, was logged as an error, has grown, or lies about. */
  readonly faults: readonly string[];
}

const MiB = 1024 * 1024;

export async function soak(options: SoakOptions): Promise<SoakResult> {
  const server = await ServerProcess.start(options.adminPassword);
  try {
    return await run(server, options);
  } finally {
    await server.stop();
  }
}

async function run(
  server: ServerProcess,
  {seed, milliseconds, clients, adminPassword, say}: SoakOptions,
): Promise<SoakResult> {
  const random = new Random(seed);
  const authorization =
    adminPassword === undefined
      ? undefined
      : `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}`;
  const faults: string[] = [];
  let images = 0;
  const load = async (time: number): Promise<void> => {
    const end = performance.now() + time;
    const one = async (number: number): Promise<void> => {
      const client = new Client(server.port, authorization);
      const options = {client, random: random.fork(), name: `soak/${number}`};
      const own = new Images({...options, collect: async (digests) => collect(server, digests)});
      while (performance.now() < end && faults.length === 0) {
        await own.turn();
        images += 1;
      }
      await own.removeAll();
      client.close();
      moved += own.moved;
    };
    const numbers = Array.from({length: clients}, (_, number) => number);
    await Promise.all(
      numbers.map(async (number) =>
        one(number).catch((error: unknown) => faults.push(String(error))),
      ),
    );
  };
  let moved = 0;
  await load(milliseconds * 0.15);
  const before = await settle(server);
  say(`warm: ${describe(before)}`);
  const samples = await watch(server, {milliseconds, say}, async () => load(milliseconds * 0.85));
  const {text, isGrowing} = verdict(samples);
  const after = await settle(server);
  say(`at the end: ${describe(after)}`);
  say(`${images} images, ${(moved / MiB).toFixed(0)} MiB moved; ${text}`);
  if (isGrowing) faults.push(text);
  faults.push(...growth(before, after), ...server.complaints, ...(await leftovers(server)));
  return {images, faults};
}

/** The bytes go from the disk as a collector would take them: no repository holds them any more. */
async function collect({storageRoot}: ServerProcess, digests: readonly string[]): Promise<void> {
  for (const digest of digests) await rm(join(storageRoot, keys.blob(digest)));
}

async function leftovers(server: ServerProcess): Promise<readonly string[]> {
  const files = await server.files();
  const idle = /_uploads|\.(?:part|checkpoint)$|_holdfast\/(?:trash|epochs\/\d+\/(?!owner\.json$))/;
  return files.filter((file) => idle.test(file)).map((file) => `left behind: ${file}`);
}
