/** kill -9 between any two steps of a push and of a delete: after the restart the index, the histories and the disk say the same. */
import {cp} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import supertest from 'supertest';
import {
  type Api,
  type Content,
  imageOf,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
} from '../support/content.ts';
import {onDisk, openIndexOf, requireAgreement} from '../support/content-index.ts';
import {filesBelow, keys} from '../support/disk.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {quickly} from '../support/serve-process.ts';
import {startService} from '../support/service.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';

interface Before {
  readonly api: Api;
  /** Tagged v1 and v2; v3 is another. */
  readonly image: Content;
  readonly next: Content;
}

const requests: Readonly<Record<string, (before: Before) => Promise<{readonly status: number}>>> = {
  'a push of a new tag': async ({api, next}) => putManifest(api, 'a', 'v4', next),
  'a push that moves a tag': async ({api, next}) => putManifest(api, 'a', 'v1', next),
  'a push by digest with two tags': async ({api, next}) =>
    putManifest(api, 'a', `${next.digest}?tag=v1&tag=v5`, next),
  'the delete of a tag': async ({api}) => api.delete('/v2/a/manifests/v1'),
  'the delete of a manifest with two tags': async ({api, image}) =>
    api.delete(`/v2/a/manifests/${image.digest}`),
  'the delete of a repository': async ({api}) => api.delete('/api/v1/repositories/a'),
};

async function prepare({api}: InProcess): Promise<Omit<Before, 'api'>> {
  const image = await pushImage(api, 'a', {tag: 'v1', layers: [randomContent()]});
  await putManifest(api, 'a', 'v2', image).expect(201);
  await pushImage(api, 'a', {tag: 'v3', layers: [randomContent()]});
  const layer = randomContent();
  await pushBlob(api, 'a', layer);
  return {image, next: imageOf([layer], {subject: image.descriptor})};
}

/** What the newest entry of each history says; `deleted` is no digest. */
async function latest(server: InProcess): Promise<Readonly<Record<string, string>>> {
  const entries = await filesBelow(server, `${keys.repository('a')}/_history`);
  return Object.fromEntries(
    entries.map((file) => {
      const [tag = '', name = ''] = file.split('/');
      return [tag, name.slice(name.indexOf('Z-') + 2).replace('sha256-', 'sha256:')];
    }),
  );
}

async function check(t: ExecutionContext, dataDir: string): Promise<void> {
  const server = await startInProcess(t, {dataDir});
  const db = openIndexOf(t, server);
  await requireAgreement(t, server, db);
  const tags = (await onDisk(server))['a']?.tags ?? {};
  for (const [tag, digest] of Object.entries(await latest(server))) {
    t.is(digest, tags[tag] ?? 'deleted', tag);
  }
  t.true(server.log.every(({level}) => level !== 'error'));
  await server.stop();
}

const program = join(import.meta.dirname, 'mortal-server.ts');

/** In the short form every sixth step, of the next request beginning one later. */
const stride = process.env['TEST_EVERY_CUT'] === undefined ? 6 : 1;

for (const [at, [what, send]] of Object.entries(requests).entries()) {
  test(`${what} that is cut off by kill -9 before one of its steps leaves nothing in doubt`, async (t) => {
    t.timeout(300_000);
    const first = await startInProcess(t);
    const prepared = await prepare(first);
    await first.stop();
    for (let step = 1 + (at % stride), isCut = true; isCut; step += stride) {
      const dataDir = await memoryDirectory(t);
      // Every run begins with the same.
      await cp(first.dataDir, dataDir, {recursive: true, preserveTimestamps: true});
      const mortal = await startService(
        t,
        process.execPath,
        [quickly, program, dataDir, String(step)],
        {
          ready: /listens on (?<url>http:\S+)/,
        },
      );
      const api = supertest(mortal.match?.groups?.['url'] ?? '');
      const answer = await send({...prepared, api}).catch(() => undefined);
      isCut = answer === undefined;
      if (answer) t.true([201, 202, 204].includes(answer.status));
      await mortal.stop('SIGKILL');
      await check(t, dataDir);
      if (!isCut) t.true(step > 2, `${step - 1} steps`);
    }
  });
}
