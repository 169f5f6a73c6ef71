/** What docs/everyday.md says about backups, as it stands there. */
import {access, mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import {agent} from 'supertest';
import {login, runningBench} from '../cli/administration-workbench.ts';
import {run} from '../support/command.ts';
import {pushImage, randomContent} from '../support/content.ts';
import {blockWith, readPage} from '../support/page.ts';
import {secret} from '../support/secrets.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';

const password = secret('the password of anna');

testWith(
  ['sqlite3', 'tar'],
  'a backup that was made as the page says, while it runs, is restored with accounts, images and keys',
  async (t) => {
    const page = await readPage('everyday.md');
    const here = await runningBench(t);
    await here.json('user create anna --password-stdin', password);
    const layer = randomContent(100_000);
    const api = agent(here.url).auth('anna', password);
    await pushImage(api, 'anna/app', {tag: 'v1', layers: [layer]});

    const cwd = await temporaryDirectory(t);
    const data = join(cwd, 'data');
    const backup = join(cwd, 'backup');
    const perform = async (block: string, directory: string) => {
      const commands = block
        .replaceAll('/var/lib/holdfast', directory)
        .replaceAll('/srv/backup/holdfast', backup);
      await run('/bin/sh', ['-ec', commands]);
    };
    await perform(blockWith(page, 'sh', 'vacuum into'), join(here.cwd, 'data'));
    await mkdir(data);
    await perform(blockWith(page, 'sh', 'for part in'), data);
    for (const kept of ['keys/upload-secret', 'database/holdfast.db', 'registry/docker']) {
      await access(join(data, kept));
    }

    const there = await runningBench(t, {}, cwd);
    t.is(await login(there.url, 'anna', password), 200);
    const restored = agent(there.url).auth('anna', password);
    const tags = await restored.get('/v2/anna/app/tags/list').expect(200);
    t.deepEqual(tags.body, {name: 'anna/app', tags: ['v1']});
    await restored.get(`/v2/anna/app/blobs/${layer.digest}`).expect(200);
    await pushImage(restored, 'anna/app', {tag: 'v2', layers: [randomContent(1000)]});
  },
);
