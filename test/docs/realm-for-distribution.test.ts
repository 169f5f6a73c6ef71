/** docs/realm-for-distribution.md: both configurations as they stand there, with other addresses and directories. */
import {copyFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {parse} from 'yaml';
import {z} from 'zod';
import {holdfast} from '../cli/holdfast.ts';
import {type DockerRegistry, startConfigured} from '../support/docker-registry.ts';
import {rootFilesystem} from '../support/images.ts';
import {blockWith, readPage} from '../support/page.ts';
import {freePort} from '../support/ports.ts';
import {requireNoSecrets} from '../support/secrets.ts';
import type {ProgramName} from '../support/programs.ts';
import {entry} from '../support/serve-process.ts';
import {startService} from '../support/service.ts';
import {testWith} from '../support/test-with.ts';
import {type Workbench, workbench} from '../support/workbench.ts';

const page = await readPage('realm-for-distribution.md');
const password = 'correct horse';

const realmSchema = z.looseObject({
  dataDir: z.string(),
  token: z.looseObject({listen: z.array(z.string()).length(1)}),
  metrics: z.looseObject({listen: z.array(z.string())}),
});
const registrySchema = z.looseObject({
  storage: z.looseObject({filesystem: z.looseObject({rootdirectory: z.string()})}),
  http: z.looseObject({addr: z.string()}),
  auth: z.looseObject({token: z.looseObject({realm: z.url(), rootcertbundle: z.string()})}),
});

interface Realm {
  readonly url: string;
  readonly caFile: string;
  /** `user create anna`; its standard output. */
  readonly run: (command: string, input?: string) => Promise<string>;
}

async function startRealm(t: ExecutionContext, bench: Workbench): Promise<Realm> {
  const settings = realmSchema.parse(parse(blockWith(page, 'yaml', 'otherServices')));
  const port = await freePort(t);
  const dataDir = bench.path('holdfast');
  const [listen = ''] = settings.token.listen;
  const config = bench.path('holdfast.yaml');
  const adapted = {
    ...settings,
    dataDir,
    token: {...settings.token, listen: [listen.replace(/:\d+$/, `:${port}`)]},
    metrics: {...settings.metrics, listen: ['127.0.0.1:0']},
  };
  await writeFile(config, JSON.stringify(adapted));
  const command = blockWith(page, 'sh', 'serve').trim().split(' ').slice(1);
  await startService(t, process.execPath, [entry, ...command, '--config', config], {
    cwd: bench.directory,
    ready: /token realm .* listens on https:/,
    judge: requireNoSecrets,
  });
  const run: Realm['run'] = async (words, input) => {
    const args = [...words.split(' '), '--config', config];
    const around = {cwd: bench.directory, ...(input === undefined ? {} : {input})};
    const {code, stdout, stderr} = await holdfast(args, around);
    t.is(code, 0, stderr);
    return stdout.trim();
  };
  return {url: `https://localhost:${port}`, caFile: join(dataDir, 'certs/ca.crt'), run};
}

async function startRegistry(
  t: ExecutionContext,
  bench: Workbench,
  {url, caFile}: Realm,
  program: ProgramName,
): Promise<DockerRegistry> {
  const settings = registrySchema.parse(parse(blockWith(page, 'yaml', 'rootcertbundle')));
  const rootcertbundle = bench.path('holdfast-ca.crt');
  await copyFile(caFile, rootcertbundle);
  const {token} = settings.auth;
  const realm = `${url}${new URL(token.realm).pathname}`;
  const filesystem = {...settings.storage.filesystem, rootdirectory: bench.path('registry')};
  return startConfigured(t, program, {
    ...settings,
    storage: {...settings.storage, filesystem},
    http: {...settings.http, addr: '127.0.0.1:0'},
    auth: {token: {...token, realm, rootcertbundle}},
  });
}

for (const [program, title] of [
  ['docker-registry', 'docker-registry 2.8'],
  ['registry', 'Distribution 3'],
] as const) {
  testWith(
    [program, 'crane', 'busybox', 'tar'],
    `with the configuration of the page ${title} has the accounts of Holdfast`,
    async (t) => {
      const bench = await workbench(t);
      const realm = await startRealm(t, bench);
      const {host} = await startRegistry(t, bench, realm, program);
      await realm.run('user create admin --password-stdin', password);
      await realm.run('user create anna --password-stdin', password);
      await realm.run('user create bert --password-stdin', password);
      const layer = await rootFilesystem(bench);
      await bench.client('tar')('-c', '-f', 'layer.tar', '-C', layer.directory, '.');

      const craneOf = (name: string) =>
        bench.client('crane', [], {
          SSL_CERT_FILE: realm.caFile,
          DOCKER_CONFIG: bench.path(`of-${name}`),
        });
      const [anna, bert, admin, nobody] = ['anna', 'bert', 'admin', 'nobody'].map(craneOf);
      if (!anna || !bert || !admin || !nobody) throw new Error('no clients');
      for (const [name, crane] of [
        ['anna', anna],
        ['bert', bert],
        ['admin', admin],
      ] as const) {
        await crane('auth', 'login', '--insecure', host, '-u', name, '-p', password);
      }

      const image = `${host}/anna/app:v1`;
      const refused = /UNAUTHORIZED|DENIED|401/;
      await anna('append', '--insecure', '--new_layer', 'layer.tar', '--new_tag', image);
      t.regex(await anna('validate', '--insecure', '--remote', image), /^PASS/);
      for (const crane of [bert, nobody]) {
        await bench.refuses(crane('digest', '--insecure', image), refused);
      }
      await bench.refuses(bert('copy', '--insecure', image, `${host}/bert/copy:v1`), refused);
      await bench.refuses(anna('catalog', '--insecure', host), refused);
      t.is(await admin('catalog', '--insecure', host), 'anna/app');

      await realm.run('namespace set-visibility anna public');
      t.regex(await nobody('digest', '--insecure', image), /^sha256:/);
      await bench.refuses(bert('delete', '--insecure', image), refused);
      const digest = await anna('digest', '--insecure', image);
      await anna('delete', '--insecure', `${host}/anna/app@${digest}`);
    },
  );
}
