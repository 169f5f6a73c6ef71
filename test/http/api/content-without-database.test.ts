/** What the API tells of content while the database server says nothing: that it can't, soon, and all of it as soon as it can. */
import {onEachServer} from '../../contract/engines.ts';
import {startMariadb, startPostgres, urlOf} from '../../support/database-server.ts';
import {until} from '../../support/raw-request.ts';
import {openWorkshop} from './content.ts';
import {faultOf} from './workbench.ts';

const starts = {mariadb: startMariadb, postgres: startPostgres} as const;
const saw = '/api/v1/repositories/tools~saw';
const paths = [
  '/api/v1/repositories',
  saw,
  `${saw}/tags`,
  `${saw}/tags/v1`,
  `${saw}/comments`,
  '/api/v1/tags',
  '/api/v1/search?q=saw',
  '/api/v1/namespaces',
];
/** An admin, who sees everything, is told what was counted before, and when. */
const counted = '/api/v1/statistics/storage';

onEachServer(
  'while the server is silent what is asked about content is answered 503 within its time-out, and whole afterwards',
  async (t, {name}) => {
    t.timeout(170_000);
    const database = await starts[name](t);
    const metadata = {url: urlOf(await database.fresh()), timeout: '1s'};
    const {by, push} = await openWorkshop(t, {metadata});
    const digest = await push('tools/saw', 'v1');
    const root = by('root');
    for (const path of [...paths, counted]) t.is((await root.get(path)).status, 200, path);
    await database.pause();
    const answers = await Promise.all(paths.map(async (path) => root.get(path)));
    const manifest = await root.get('/v2/tools/saw/manifests/v1');
    t.is((await root.get(counted)).status, 200);
    database.signal('SIGCONT');
    for (const [at, answer] of answers.entries()) {
      t.is(answer.status, 503, paths[at]);
      t.is(faultOf(answer)?.code, 'unavailable');
      t.truthy(answer.get('Retry-After'));
    }
    t.true([200, 503].includes(manifest.status));
    await until(async () => (await root.get(saw)).status === 200);
    for (const path of paths) t.is((await root.get(path)).status, 200, path);
    t.regex((await root.get(`${saw}/tags/v1`)).text, new RegExp(digest));
  },
);
