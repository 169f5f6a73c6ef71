/** What is asked of one repository with very many tags, over HTTP: `node bench/content-of-one.ts [TAGS]`, by default 100,000. */
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {Agent, get} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fill, nameOf, tagOf} from './large-index.ts';
import {startOwnServer} from './own-server.ts';
import {tableHead, timedRow} from './timed-row.ts';

const [tags = 100_000] = process.argv.slice(2).map(Number);
const rounds = 20;
const at = `/api/v1/repositories/${nameOf(0).replace('/', '~')}`;

const agent = new Agent({keepAlive: true});

/** Rejects unless it is answered with 200. */
async function ask(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, {agent}, (answer) => {
      answer.resume();
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`${url}: ${answer.statusCode ?? 0}`));
      });
    }).once('error', reject);
  });
}

const last = Math.floor(tags / 100);
const questions: Readonly<Record<string, string>> = {
  '100 tags': `${at}/tags?per_page=100`,
  'the last 100 tags': `${at}/tags?per_page=100&page=${last}`,
  '100 tags by last push': `${at}/tags?per_page=100&sort_attr=pushed_at&sort_order=desc`,
  '100 groups of tags': `${at}/tags/grouped?per_page=100`,
  'tags with a part of their names': `${at}/tags?per_page=100&name=${tagOf(77).slice(1)}`,
  'tags with a name that none has': `${at}/tags?per_page=100&name=none`,
  'tags of images': `${at}/tags?per_page=100&kind=image`,
  'tags of indexes': `${at}/tags?per_page=100&kind=index`,
};

const directory = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
try {
  const data = path.join(directory, 'data');
  await mkdir(path.join(data, 'database'), {recursive: true, mode: 0o700});
  await fill(path.join(data, 'database/holdfast.db'), {repositories: 1, perRepository: tags});
  // Else what the disk does not have would be taken out of the index.
  const server = await startOwnServer(directory, {HOLDFAST_INDEX_RECONCILE_INTERVAL: '24h'});
  process.stdout.write(`${tags} tags\n\n`);
  process.stdout.write(tableHead);
  for (const [what, question] of Object.entries(questions)) {
    await timedRow(what, rounds, async () => ask(server.url + question));
  }
  await server.stop();
} finally {
  agent.destroy();
  await rm(directory, {recursive: true});
}
