/** The machine's own limits: what no registry on it can exceed. */
import {mkdir, open, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {LimitJob} from '../client/limits.ts';
import type {Bench} from '../measurement.ts';
import {freePort} from '../process.ts';
import {findProgram, howToInstall} from '../programs.ts';
import type {Progress} from '../progress.ts';
import type {Limit} from '../results.ts';
import {size} from '../scale.ts';
import {spreadOf} from '../statistics.ts';
import {startServer} from '../targets/start-server.ts';
import {syncFileSystem} from './sweep.ts';

type Attempt = {readonly title: string; readonly job: LimitJob};

export async function measureLimits(bench: Bench, progress: Progress): Promise<readonly Limit[]> {
  const {client, scale, directory} = bench;
  const large = size(scale.large);
  const nginx = await startNginx(bench);
  const attempts: readonly Attempt[] = [
    {title: 'SHA-256, one thread', job: {kind: 'hash', bytes: scale.large}},
    {
      title: `file of ${large} written and synced`,
      job: {kind: 'write', directory, bytes: scale.large},
    },
    ...nginx.urls.map((url) => ({
      title: `nginx sends ${large} over ${url.startsWith('https') ? 'HTTPS' : 'HTTP'}`,
      job: {kind: 'fetch', url, path: '/large'} as const,
    })),
  ];
  const rates = attempts.map((): number[] => []);
  for (let round = 1; round <= scale.rounds; round += 1) {
    for (const [index, {title, job}] of attempts.entries()) {
      progress(`limits: ${title}, round ${round} of ${scale.rounds}`);
      await syncFileSystem(directory);
      const {bytes = 0, seconds} = await client.do(job);
      rates[index]?.push(bytes / 2 ** 20 / seconds);
    }
  }
  await nginx.stop();
  return attempts.flatMap(({title}, index) => {
    const spread = spreadOf(rates[index] ?? []);
    return spread === undefined ? [] : [{title, unit: 'MiB/s', ...spread}];
  });
}

type Nginx = {readonly urls: readonly string[]; stop(): Promise<void>};

/** Serves one large file, and answers /v2/ so that its start can be waited for. */
async function startNginx({directory, pair, scale}: Bench): Promise<Nginx> {
  const program = findProgram('nginx');
  if (program === undefined) {
    console.error(`nginx is left out: ${howToInstall('nginx')}`);
    return {urls: [], stop: () => Promise.resolve()};
  }
  const home = join(directory, 'nginx');
  const root = join(home, 'root');
  await mkdir(root, {recursive: true});
  const file = await open(join(root, 'large'), 'wx');
  for (let left = scale.large; left > 0; left -= 2 ** 20)
    await file.write(Buffer.alloc(2 ** 20, 1));
  await file.close();
  const configFile = join(home, 'nginx.conf');
  const tlsPort = await freePort();
  const server = await startServer({home, protocol: 'http'}, async (port) => {
    await writeFile(configFile, nginxConfig(home, root, port, tlsPort, pair));
    return {program, args: ['-c', configFile, '-e', join(home, 'error.log')]};
  });
  return {urls: [server.url, `https://127.0.0.1:${tlsPort}`], stop: () => server.stop()};
}

function nginxConfig(
  home: string,
  root: string,
  port: number,
  tlsPort: number,
  {certificate, key}: Bench['pair'],
): string {
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `daemon off;
pid ${home}/nginx.pid;
user ${process.getuid?.() === 0 ? 'root' : 'nobody'};
worker_processes 2;
events {}
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  ${paths.map((name) => `${name}_temp_path ${home}/${name};`).join('\n  ')}
  server {
    listen 127.0.0.1:${port};
    listen 127.0.0.1:${tlsPort} ssl;
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    root ${root};
    location = /v2/ { return 200; }
  }
}
`;
}
