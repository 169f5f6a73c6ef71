/**
 * A Holdfast that stands still (SIGSTOP) right before a system call of its driver, the nth since it was armed. It serves one directory after the
 * other, as it is told over the channel to the process that started it.
 */
import {createHoldfast} from '../../src/app.ts';
import {configSchema} from '../../src/config/schema.ts';
import {createLog} from '../../src/observability/log.ts';
import {realSystem, type System} from '../../storage-drivers/filesystem/system.ts';
import {besideOthers, sharedSettings} from './beside-others.ts';
import type {Order, Report} from './pausing-orders.ts';
import {serverConfig} from './server-config.ts';

/** How many calls are made before that at which it stands still. */
let left = Infinity;

const system = Object.fromEntries(
  Object.entries(realSystem).map(([name, real]) => {
    const perform = real as (...args: readonly unknown[]) => Promise<unknown>;
    return [
      name,
      async (...args: readonly unknown[]) => {
        if (left === 0) process.kill(process.pid, 'SIGSTOP');
        left -= 1;
        return perform(...args);
      },
    ];
  }),
) as unknown as System;

let stop = async (): Promise<void> => Promise.resolve();

async function obey(order: Order): Promise<Report> {
  left = order.do === 'stand still' ? order.before - 1 : Infinity;
  if (order.do === 'stop') await stop();
  if (order.do !== 'serve') return {};
  const log = createLog({level: 'error', format: 'json'});
  const {dataDir, database} = order;
  const own = serverConfig(dataDir);
  const config = database === undefined ? own : {...own, ...sharedSettings('another', database)};
  const cluster = database === undefined ? undefined : besideOthers('another');
  const holdfast = createHoldfast(configSchema.parse(config), {log, system, cluster});
  const {addresses} = await holdfast.start();
  stop = async () => holdfast.stop();
  return {url: addresses[0]?.url ?? ''};
}

process.on('message', (order: Order) => {
  void obey(order).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit());
