/** kill -9 between the acknowledgement and the delivery: what was acknowledged is told, at least once, in order. */
import {setTimeout as pass} from 'node:timers/promises';
import path from 'node:path';
import test from 'ava';
import {startProcess, type ServerProcess} from '../faults/server-process.ts';
import {pushImage} from '../support/content.ts';
import {until} from '../support/raw-request.ts';
import {startReceiver} from '../support/receiver/receiver.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {endpointAt} from './endpoints.ts';

/** `npm run test:kill` plays twenty. */
const rounds = Number(process.env['TEST_KILL_ROUNDS'] ?? '3');
const pushers = ['a', 'b', 'c', 'd'];

/** Pushes one tag after the other until the server is gone; each is the whole image of its own. */
async function pushUntilKilled({api}: ServerProcess, name: string, acknowledged: string[]) {
  for (;;) {
    const tag = `v${acknowledged.length}`;
    await pushImage(api, name, {tag, annotations: {tag, name, at: String(performance.now())}});
    acknowledged.push(tag);
  }
}

test('what was acknowledged before a kill -9 is told, in order, and what was not pushed is not', async (t) => {
  t.timeout(170_000);
  const receiver = await startReceiver(t);
  const dataDir = path.join(await temporaryDirectory(t), 'data');
  const settings = {notifications: {endpoints: [endpointAt(receiver, {actions: ['push']})]}};
  const acknowledged = new Map(pushers.map((name) => [name, [] as string[]]));
  for (let round = 0; round < rounds; round += 1) {
    const server = await startProcess(t, {dataDir, settings});
    const pushing = pushers.map(async (name) =>
      pushUntilKilled(server, name, acknowledged.get(name) ?? []).catch(() => undefined),
    );
    await pass(300 + Math.random() * 700);
    await server.stop('SIGKILL');
    await Promise.all(pushing);
  }
  const server = await startProcess(t, {dataDir, settings});
  const toldOf = (name: string): readonly string[] => {
    const own = receiver.events().filter(({target}) => target['repository'] === name);
    const once = [...new Map(own.map((event) => [event.id, event])).values()];
    return [...new Set(once.map(({target}) => String(target['tag'])))];
  };
  for (const [name, tags] of acknowledged) {
    t.true(tags.length > 0);
    await until(() => tags.every((tag) => toldOf(name).includes(tag)));
    const told = toldOf(name);
    t.deepEqual(
      told,
      told.toSorted((one, other) => Number(one.slice(1)) - Number(other.slice(1))),
    );
    // One that was not acknowledged may have come to be, and is there then.
    for (const tag of told) await server.api.get(`/v2/${name}/manifests/${tag}`).expect(200);
  }
  await server.stop();
});
