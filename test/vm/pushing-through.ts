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
const probeTimeout = 10_000;

/** What was acknowledged until each of them had pushed another image after it; answers the pushes, to be looked at. */
export async function pushThrough(
  {rack, say}: Stage,
  name: string,
  machines: readonly Machine[],
  happens: () => Promise<void>,
): Promise<SmallPushes> {
  const urls = machines.map(({url}) => url);
  const {url} = await openProxy(rack.life, urls, probeTimeout);
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
