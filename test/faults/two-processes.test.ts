/** Two processes on one directory: the one that came later writes, and nothing that it has put is taken by the other. */
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {config, type Content, imageOf, pushBlob, putManifest} from '../support/content.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {type ServerProcess, startProcess} from './server-process.ts';

const tags = Array.from({length: 40}, (_, index) => `v${index}`);

/** To another host's process nobody can say whether the first still lives. */
const onAnotherHost = ['unshare', '--uts', 'sh', '-c', 'hostname another && exec "$@"', 'sh'];

const imagesNamed = (name: string): readonly Content[] =>
  tags.map((tag) => imageOf([], {annotations: {name, tag}}));

async function putAll({api}: ServerProcess, images: readonly Content[]): Promise<void> {
  for (const [index, tag] of tags.entries()) {
    const image = images[index];
    if (image) await putManifest(api, 'a', tag, image).expect(201);
  }
}

/** What each tag leads to, asked of the server; a digest, or the status where it leads nowhere. */
async function targets({api}: ServerProcess): Promise<readonly string[]> {
  const answers = await Promise.all(tags.map(async (tag) => api.head(`/v2/a/manifests/${tag}`)));
  return answers.map((answer) => answer.get('Docker-Content-Digest') ?? String(answer.status));
}

/** Holds the first server still while it deletes all that it has, and goes on with it once the second has put the same tags. */
async function overtake(t: ExecutionContext, already: number): Promise<void> {
  const dataDir = path.join(await temporaryDirectory(t), 'data');
  const one = await startProcess(t, {dataDir});
  await pushBlob(one.api, 'a', config);
  const former = imagesNamed('former');
  await putAll(one, former);
  const some = Promise.withResolvers<undefined>();
  let answered = 0;
  const answers = former.map(async ({digest}) => {
    const {status} = await one.api.delete(`/v2/a/manifests/${digest}`);
    answered += 1;
    if (answered === already) some.resolve(undefined);
    return status;
  });
  await some.promise;
  process.kill(one.pid, 'SIGSTOP');
  // The locks of a host that stands still would go with it; here they stay.
  const ownDatabase = `HOLDFAST_METADATA_FILE=${path.join(await temporaryDirectory(t), 'other.db')}`;
  const prefix = ['env', ownDatabase, ...onAnotherHost];
  const other = await startProcess(t, {dataDir, prefix});
  const latter = imagesNamed('latter');
  await putAll(other, latter);
  process.kill(one.pid, 'SIGCONT');
  const statuses = await Promise.all(answers);
  t.true(
    statuses.every((status) => status === 202 || status === 503),
    String(statuses),
  );
  t.log(`${statuses.filter((status) => status === 503).length} deletes came too late`);
  t.deepEqual(
    await targets(other),
    latter.map(({digest}) => digest),
  );
  const listed = (await other.api.get('/v2/a/tags/list')).body as {
    readonly tags: readonly string[];
  };
  t.deepEqual(listed.tags, tags.toSorted());
  await one.api.delete('/v2/a/manifests/v0').expect(503);
  await other.api.head('/v2/a/manifests/v0').expect(200);
}

for (const already of [1, 10, 25]) {
  test(`a process that is overtaken by another after ${already} of its deletes takes no tag that the other has put`, async (t) => {
    await overtake(t, already);
  });
}
