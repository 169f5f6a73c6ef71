/** Where the registries of a run live, and the end of all that. */
import {existsSync, rmSync} from 'node:fs';
import {mkdir, mkdtemp, readdir, rm} from 'node:fs/promises';
import {randomBytes} from 'node:crypto';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Client} from './client/client.ts';
import type {Bench, Start, Started} from './measurement.ts';
import type {Scale} from './scale.ts';
import {makePair} from './targets/certificate.ts';
import type {Protocol, Target} from './targets/target.ts';
import {layOut} from './trees/lay-out.ts';

/** Not the directory for temporary files: that is often in memory, where nothing is ever synced. */
const usualPlace = fileURLToPath(new URL('../node_modules/.cache/holdfast/', import.meta.url));

export type Workplace = Bench & {
  /** Ends every server that is still running. */
  stopAll(): Promise<void>;
  close(): Promise<void>;
};

export async function openWorkplace(scale: Scale, place = usualPlace): Promise<Workplace> {
  await mkdir(place, {recursive: true});
  await removeLeftovers(place);
  const directory = await mkdtemp(join(place, `bench-${process.pid}-`));
  const remove = () => {
    rmSync(directory, {recursive: true, force: true, maxRetries: 5});
  };
  process.on('exit', remove);
  const client = new Client();
  const running = new Set<Started>();
  const trees = new Map<string, Promise<void>>();
  let starts = 0;

  const start = async (
    target: Target,
    protocol: Protocol,
    {root: given, ...more}: Start = {},
  ): Promise<Started> => {
    const home = join(directory, `${target.name}-${(starts += 1)}`);
    const root = given ?? join(home, 'root');
    await mkdir(home);
    await mkdir(root, {recursive: true});
    const server = await target.start({...more, root, home, protocol, pair: workplace.pair});
    const started: Started = {
      ...server,
      root,
      stop: async () => {
        running.delete(started);
        await server.stop();
        await rm(home, {recursive: true, force: true, maxRetries: 5});
      },
    };
    running.add(started);
    return started;
  };

  const workplace: Workplace = {
    scale,
    client,
    run: randomBytes(4).toString('hex'),
    directory,
    pair: await makePair(directory),
    start,
    tree: async (name, {layout, alone = false, name: owner}, content) => {
      if (layout === undefined) return undefined;
      const root = join(directory, `tree-${name}-${alone ? owner : layout}`);
      const made = trees.get(root) ?? mkdir(root).then(() => layOut(root, layout, content));
      trees.set(root, made);
      await made;
      return root;
    },
    stopAll: async () => {
      await Promise.all([...running].map((server) => server.stop()));
    },
    close: async () => {
      await workplace.stopAll();
      await client.close();
      remove();
      process.off('exit', remove);
    },
  };
  return workplace;
}

/** Of runs that were killed: they may hold very much. */
async function removeLeftovers(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const pid = /^bench-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    await rm(join(place, name), {recursive: true, force: true});
  }
}
