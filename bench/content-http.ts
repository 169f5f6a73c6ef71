/**
 * What is asked of a registry with a large index of content, over HTTP: `node bench/content-http.ts [REPOSITORIES] [TAGS]`, by default 100,000 and 1,000,000.
 * Of lists of tags, which are read from the storage, the disk holds as many as are asked for.
 */
import {randomInt} from 'node:crypto';
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {Agent, get} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fill, manifestOf, nameOf, namespaces, readSize, tagOf} from './large-index.ts';
import {startOwnServer} from './own-server.ts';
import {tableHead, timedRow} from './timed-row.ts';

const size = readSize(process.argv.slice(2));
const {repositories, perRepository} = size;
const rounds = 1000;
/** Repositories of which the disk has the tags. */
const onDisk = 300;

async function layOut(root: string): Promise<void> {
  for (let at = 0; at < onDisk; at += 1) {
    const tags = path.join(root, 'docker/registry/v2/repositories', nameOf(at), '_manifests/tags');
    for (let tag = 0; tag < perRepository; tag += 1) {
      const directory = path.join(tags, tagOf(tag), 'current');
      await mkdir(directory, {recursive: true});
      await writeFile(path.join(directory, 'link'), manifestOf(at, tag));
    }
  }
}

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

const questions: Readonly<Record<string, () => string>> = {
  '`_catalog?n=100`': () => `/v2/_catalog?n=100&last=${nameOf(randomInt(repositories))}`,
  'a page of `tags/list`': () => `/v2/${nameOf(randomInt(onDisk))}/tags/list?n=100`,
  'search by name': () => `/api/v1/search?q=e-${randomInt(repositories)}`,
  'search that finds nothing': () => `/api/v1/search?q=none-${randomInt(repositories)}`,
  'search by repository:tag': () => `/api/v1/search?q=e-${randomInt(repositories)}:v1`,
  'search by digest': () =>
    `/api/v1/search?q=${manifestOf(randomInt(repositories), 0).slice(7, 15)}`,
  'search by label': () => `/api/v1/search?q=team%3Dteam-${randomInt(namespaces)}`,
  'a page of the tags of a repository': () =>
    `/api/v1/repositories/${nameOf(randomInt(repositories)).replace('/', '~')}/tags`,
  'a page of all tags': () => `/api/v1/tags?page=${1 + randomInt(100)}`,
  'a page of repositories by last push': () =>
    `/api/v1/repositories?sort_attr=pushed_at&sort_order=desc&page=${1 + randomInt(100)}`,
};

const directory = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
try {
  const data = path.join(directory, 'data');
  await mkdir(path.join(data, 'database'), {recursive: true, mode: 0o700});
  await fill(path.join(data, 'database/holdfast.db'), size);
  await layOut(path.join(data, 'registry'));
  // Else what the disk does not have would be taken out of the index.
  const server = await startOwnServer(directory, {HOLDFAST_INDEX_RECONCILE_INTERVAL: '24h'});
  process.stdout.write(`${repositories} repositories, ${repositories * perRepository} tags\n\n`);
  process.stdout.write(tableHead);
  for (const [what, question] of Object.entries(questions)) {
    await timedRow(what, rounds, async () => ask(server.url + question()));
  }
  await server.stop();
} finally {
  agent.destroy();
  await rm(directory, {recursive: true});
}
