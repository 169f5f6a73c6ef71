/** A node that was taken over while it stood still is asked right when it wakes up: it says nothing that was overwritten meanwhile. */
import {missingPrograms} from '../support/programs.ts';
import {nodesOf, until} from '../cluster/nodes.ts';
import {config, imageOf} from '../support/content.ts';
import {until as untilTrue} from '../support/raw-request.ts';
import {testUnless} from '../support/test-with.ts';
import {exchange} from './exchange.ts';
import {hostOf} from './host-of.ts';
import {attempt} from './patience.ts';

const root = process.getuid?.() === 0 ? [] : ['only root has hosts of its own'];

testUnless(
  [...missingPrograms(['unshare']), ...root],
  'a node that wakes up after another has taken over does not tell what tags were before',
  async (t) => {
    const nodes = await nodesOf(t, {cluster: {leaseTime: '1s'}});
    const a = await nodes.start('a', hostOf('a'));
    const b = await nodes.start('b', hostOf('b'));
    const put = async (url: string, number: number): Promise<string> => {
      const image = imageOf([], {annotations: {number: String(number)}});
      const headers = {'Content-Type': image.descriptor.mediaType};
      const answer = await exchange(url, '/v2/r/manifests/t', {
        ...{method: 'PUT', headers, body: image.bytes},
      });
      t.is(answer.status, 201);
      return image.digest;
    };
    const blob = `/v2/r/blobs/uploads/?digest=${config.digest}`;
    await exchange(a.url, blob, {method: 'POST', body: config.bytes});
    await put(a.url, 1);
    const read = async (path: string) => exchange(a.url, path);
    for (let count = 0; count < 3; count += 1) await read('/v2/r/manifests/t');
    // In the middle of a transaction it would keep the file of the database from the other: both are on one host in truth.
    await untilTrue(async () => {
      const status = await a.holdfast('index', 'status', '--json');
      return (JSON.parse(status) as {openChanges: number}).openChanges === 0;
    });
    process.kill(a.service.pid, 'SIGSTOP');
    t.teardown(() => {
      process.kill(a.service.pid, 'SIGCONT');
    });
    await until(b, '/healthz/active');
    const digest = await put(b.url, 2);
    // The system takes the connections, and the node finds them when it wakes up.
    const asked = Array.from({length: 40}, async () =>
      attempt(async () => read('/v2/r/manifests/t')),
    );
    process.kill(a.service.pid, 'SIGCONT');
    const answers = (await Promise.all(asked)).filter((answer) => answer !== undefined);
    for (const answer of answers) t.is(answer.headers['docker-content-digest'], digest);
    t.log(`${answers.length} of ${asked.length} were answered, with what the tag is now`);
    await until(a, '/healthz/standby');
  },
);
