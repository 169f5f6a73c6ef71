/** Clients that push small images without end while something happens to the machines. */
import {openProxy} from '../multi-node/active-proxy.ts';
import {eventually} from '../multi-node/patience.ts';
import {SmallPushes} from '../multi-node/small-pushes.ts';
import type {Machine} from './machine.ts';
import type {Stage} from './rack.ts';

const clients = 3;
/** In milliseconds: an emulated processor is slow, and a start takes it half a minute. */
const timeout = 60_000;
const patience = 1_200_000;
/** An answer costs an emulated processor a tenth of a second. */
const probes = {pause: 2000, timeout: 10_000};

/** The address of whichever of them is active. */
export const addressOfAny = async (
  {rack}: Stage,
  machines: readonly Machine[],
): Promise<string> => {
  const {url} = await openProxy(
    rack.life,
    machines.map((machine) => machine.url),
    probes,
  );
  return url;
};

/** What was acknowledged until each of them had pushed another image after it; answers the pushes, to be looked at. */
export async function pushThrough(
  {say}: Stage,
  name: string,
  url: string,
  happens: () => Promise<void>,
): Promise<SmallPushes> {
  const pushes = new SmallPushes(url, timeout, patience);
  const pushing = Promise.all(
    Array.from({length: clients}, async (_, client) => pushes.push(`${name}/r${client}`)),
  );
  const more = async (): Promise<void> => {
    const enough = pushes.count + clients;
    await Promise.race([eventually(() => pushes.count >= enough), pushing]);
  };
  await more();
  say(`${pushes.count} images pushed`);
  const begin = performance.now();
  await happens();
  await more();
  say(`${pushes.count} images pushed, ${Math.round((performance.now() - begin) / 1000)} s later`);
  pushes.end();
  await pushing;
  return pushes;
}
