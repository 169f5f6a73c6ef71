/**
 * What is asked of a large index of content, through the thread of SQLite as the server asks it: `node bench/content-index.ts [REPOSITORIES] [TAGS]`, by
 * default 100,000 and 1,000,000.
 */
import {randomInt} from 'node:crypto';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {monitorEventLoopDelay} from 'node:perf_hooks';
import {pageOfRepositories} from '../src/metadata/content/repository-pages.ts';
import {
  searchDescriptions,
  searchDigests,
  searchNames,
  searchTags,
  searchWords,
} from '../src/metadata/content/search.ts';
import type {Span} from '../src/metadata/content/span.ts';
import {groupsOfTags, pageOfTags} from '../src/metadata/content/tag-pages.ts';
import {openDatabase} from '../src/metadata/database.ts';
import {createLog} from '../src/observability/log.ts';
import {Statistics} from '../src/registry/statistics.ts';
import {fill, manifestOf, nameOf, namespaces, readSize} from './large-index.ts';
import {percentile} from './statistics.ts';
import {tableHead, timedRow} from './timed-row.ts';

const size = readSize(process.argv.slice(2));
const {repositories, perRepository} = size;
const rounds = 300;

const measure = async (what: string, ask: (at: number) => Promise<unknown>): Promise<void> =>
  timedRow(what, rounds, async () => ask(randomInt(repositories)));

/** A member of some teams, who sees what lies in their namespaces. */
const own = new Set(Array.from({length: 20}, (_, at) => `team-${at * 7}`));
const member: Span = {
  namespaces: [...own],
  has: (name) => own.has(name.slice(0, name.indexOf('/'))),
};
/** Sees a few repositories, by a rule that only a look at each name tells. */
const ruled: Span = {has: (name) => name.endsWith('77')};
const spans = {admin: {}, member, ruled} as const;

const directory = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
const file = path.join(directory, 'holdfast.db');
const began = performance.now();
await fill(file, size);
const {db, close} = await openDatabase({file});
try {
  const seconds = Math.round((performance.now() - began) / 1000);
  process.stdout.write(
    `${repositories} repositories, ${repositories * perRepository} tags, filled in ${seconds} s\n\n${tableHead}`,
  );
  const first = {offset: 0, limit: 15, isDescending: false};
  const limit = 20;
  for (const [who, span] of Object.entries(spans)) {
    const search = (text: string) => ({text, span, limit});
    await measure(`search by name, ${who}`, async (at) => searchNames(db, search(`e-${at}`)));
    await measure(`search that finds nothing, ${who}`, async (at) =>
      searchNames(db, search(`none-${at}`)),
    );
    await measure(`search in descriptions, ${who}`, async (at) =>
      searchDescriptions(db, search(`none-${at}`)),
    );
    await measure(`search by repository:tag, ${who}`, async (at) => {
      const names = await searchNames(db, search(`e-${at}`));
      return searchTags(db, names.items, {text: 'v1', limit});
    });
    await measure(`search by digest, ${who}`, async (at) =>
      searchDigests(db, search(manifestOf(at, 0).slice(7, 15))),
    );
    await measure(`search by a label of few, ${who}`, async (at) =>
      searchWords(db, {name: 'team', value: `team-${at % namespaces}`, span, limit}),
    );
    await measure(`search by a label of all, ${who}`, async () =>
      searchWords(db, {name: 'all', value: 'yes', span, limit}),
    );
  }
  await measure('page of repositories by name, admin', async () =>
    pageOfRepositories(db, {span: {}}, {...first, sort: 'name'}),
  );
  await measure('page of repositories by last push, admin', async () =>
    pageOfRepositories(db, {span: {}}, {...first, sort: 'pushed_at', isDescending: true}),
  );
  await measure('page of repositories by last push, member', async () =>
    pageOfRepositories(db, {span: member}, {...first, sort: 'pushed_at', isDescending: true}),
  );
  await measure('page of tags', async (at) => pageOfTags(db, nameOf(at), {...first, sort: 'name'}));
  await measure('page of groups', async (at) => groupsOfTags(db, nameOf(at), first));
  const delay = monitorEventLoopDelay({resolution: 5});
  delay.enable();
  const log = createLog({level: 'error', format: 'json'});
  const statistics = new Statistics({db, now: () => new Date(), log});
  const counting = performance.now();
  let counted = statistics.latest();
  const waits: number[] = [];
  while (!counted) {
    const asked = performance.now();
    await pageOfTags(db, nameOf(randomInt(repositories)), {...first, sort: 'name'});
    waits.push(performance.now() - asked);
    counted = statistics.latest();
  }
  waits.sort((one, other) => one - other);
  const took = Math.round((performance.now() - counting) / 1000);
  const loop = (delay.percentile(99) / 1e6).toFixed(0);
  process.stdout.write(
    `\nstatistics took ${took} s; meanwhile a page of tags took ${percentile(waits, 0.99).toFixed(0)} ms at p99, and the event loop stood still for ${loop} ms at p99\n`,
  );
  await statistics.close();
} finally {
  await close();
  await rm(directory, {recursive: true});
}
