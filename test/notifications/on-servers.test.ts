/** Two processes, as it were, on one database: each event is told once, in order, by one of them, and by the other when that is gone. */
import {onEachServer} from '../contract/engines.ts';
import {pushImage} from '../support/content.ts';
import {urlOf} from '../support/database-server.ts';
import {startInProcess} from '../support/in-process.ts';
import {startReceiver} from '../support/receiver/receiver.ts';
import {endpointAt} from './endpoints.ts';

onEachServer(
  'what two processes push is told once, in order, and goes on when the one that tells it stops',
  async (t, engine) => {
    const metadata = {url: urlOf(await (await engine.server(t)).fresh())};
    const receiver = await startReceiver(t);
    const notifications = {endpoints: [endpointAt(receiver, {actions: ['push', 'delete']})]};
    const first = await startInProcess(t, {metadata, notifications});
    // With a storage of its own: one host serves one directory once.
    const second = await startInProcess(t, {metadata, notifications});
    for (const tag of ['v1', 'v2', 'v3']) {
      await pushImage(first.api, 'a', {tag});
      await pushImage(second.api, 'b', {tag});
    }
    await receiver.told(6);
    await first.stop();
    await second.api.delete('/v2/b/manifests/v2').expect(202);
    await pushImage(second.api, 'b', {tag: 'v4'});
    await receiver.told(8);
    const told = (name: string) =>
      receiver
        .events()
        .filter(({target}) => target['repository'] === name)
        .map(({action, target}) => `${action} ${String(target['tag'])}`);
    t.deepEqual(told('a'), ['push v1', 'push v2', 'push v3']);
    t.deepEqual(told('b'), ['push v1', 'push v2', 'push v3', 'delete v2', 'push v4']);
  },
);
