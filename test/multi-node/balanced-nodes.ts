/** Two nodes that both serve one directory and one PostgreSQL, behind nginx as `holdfast nginx print --balance` has it; each may be of another version. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {holdfast} from '../cli/holdfast.ts';
import {type DatabaseServer, startPostgres, urlOf} from '../support/database-server.ts';
import {startNginx} from '../support/nginx.ts';
import {freePort} from '../support/ports.ts';
import {until} from '../support/raw-request.ts';
import {type Serving, startServe} from '../support/serve-process.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';

export type NodeName = 'a' | 'b';

export interface BalancedNodes {
  /** Of nginx. */
  readonly url: string;
  readonly dataDir: string;
  readonly ask: DatabaseServer['administer'];
  /** Starts a node, of that program. */
  readonly serve: (name: NodeName, program: string) => Promise<Serving>;
  /** nginx forgets who was away, and asks both again. */
  readonly reload: () => Promise<void>;
}

export async function balancedNodes(t: ExecutionContext): Promise<BalancedNodes> {
  const directory = await memoryDirectory(t);
  const host = `127.0.0.1:${await freePort(t)}`;
  const server = await startPostgres(t);
  const database = await server.fresh();
  const ports = {a: await freePort(t), b: await freePort(t)};
  const dataDir = join(directory, 'data');
  const configOf = (node: NodeName) => ({
    dataDir,
    externalUrl: `http://${host}`,
    metadata: {url: urlOf(database)},
    http: {listen: [`127.0.0.1:${ports[node]}`], trustedProxies: ['127.0.0.1']},
    tls: {mode: 'off'},
    auth: {mode: 'none'},
    ui: {enabled: false},
    log: {format: 'json'},
    // It is for nodes of which one serves.
    cluster: {mode: 'active-active', node, handOverTimeout: '1ms'},
  });
  await writeFile(join(directory, 'holdfast.yaml'), JSON.stringify(configOf('a')));
  const urls = Object.values(ports).map((port) => `http://127.0.0.1:${port}`);
  const words = ['nginx', 'print', '--at', host, '--balance', urls.join(',')];
  const printed = await holdfast(words, {cwd: directory});
  t.is(printed.stderr, '');
  const nginx = await startNginx(t, printed.stdout);
  t.teardown(() => {
    if (!t.passed) t.log(nginx.output());
  });
  const workers = (): number => nginx.output().split('start worker process ').length;
  return {
    url: `http://${host}`,
    dataDir,
    ask: async (sql) => server.administer(sql, database.database),
    serve: async (name, program) => {
      const configFile = join(directory, `${name}.yaml`);
      const serving = await startServe(t, {configFile, config: configOf(name), program});
      t.teardown(() => {
        const lines = serving.service.output().split('\n');
        const own = lines.filter((line) => !line.includes('"msg":"request"'));
        if (!t.passed) t.log([`${name} at ${serving.url}:`, ...own.slice(-20)].join('\n'));
      });
      return serving;
    },
    reload: async () => {
      const before = workers();
      process.kill(nginx.pid, 'SIGHUP');
      await until(() => workers() > before);
    },
  };
}
