/** The image of deploy/container, and the deployment of deploy/compose made of it, run by a real dockerd. */
import {chown, mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {run} from '../support/command.ts';
import {shared} from '../support/lifetime.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {buildHoldfast, importNginx} from '../support/container-images.ts';
import {dockerAt, startDockerDaemon} from '../support/dockerd.ts';
import {rootFilesystem, sameContent, umociImage} from '../support/images.ts';
import {until} from '../support/raw-request.ts';
import {networkNamespace, type NetworkNamespace} from '../support/network-namespace.ts';
import {projectRoot} from '../support/project-root.ts';
import {makeCertDir} from '../support/registry.ts';
import {secret} from '../support/secrets.ts';
import {testWith} from '../support/test-with.ts';
import {type ClientWithEnvironment, type Workbench, workbench} from '../support/workbench.ts';

const user = 5000;

interface Daemon {
  readonly network: NetworkNamespace;
  /** As DOCKER_HOST has it. */
  readonly socket: string;
}

/** A docker behind a cable, that has the images. */
const daemon = shared(async (life): Promise<Daemon> => {
  const directory = await temporaryDirectory(life);
  const network = await networkNamespace(life);
  const socket = await startDockerDaemon(life, directory, network);
  const env = {DOCKER_HOST: socket, DOCKER_BUILDKIT: '0', DOCKER_CONFIG: directory};
  const docker = async (...words: string[]) => (await run('docker', words, {env})).stdout;
  await buildHoldfast(docker, directory);
  await importNginx(docker, directory);
  return {network, socket};
});

interface Host {
  readonly bench: Workbench;
  readonly network: NetworkNamespace;
  readonly docker: ClientWithEnvironment;
}

async function hostOf(t: ExecutionContext): Promise<Host> {
  const bench = await workbench(t);
  t.timeout(300_000);
  const {network, socket} = await daemon(t);
  return {bench, network, docker: dockerAt(bench, socket)};
}

const programs = [
  ...['docker', 'dockerd', 'docker-compose', 'containerd', 'runc', 'ip', 'tar', 'nginx'],
  ...['skopeo', 'umoci', 'busybox', 'curl'],
] as const;

testWith(
  programs,
  'the compose file runs Holdfast and nginx of a shared directory: an image is pushed and pulled through them',
  async (t) => {
    const {bench, network, docker} = await hostOf(t);
    const place = bench.path('shared');
    await mkdir(join(place, 'holdfast'), {recursive: true});
    await chown(join(place, 'holdfast'), user, user);
    await writeFile(
      join(place, 'holdfast.yaml'),
      JSON.stringify({
        externalUrl: 'https://127.0.0.1:8443',
        http: {
          listen: ['127.0.0.1:5000'],
          trustedProxies: ['127.0.0.1'],
          accelRedirect: '/internal/',
        },
      }),
    );
    const compose = bench.client('docker-compose', ['--project-name', 'here'], {
      ...docker.env,
      COMPOSE_FILE: join(projectRoot, 'deploy/compose/compose.yaml'),
      NGINX_IMAGE: 'nginx-here',
      SHARED: place,
    });
    // As the README has it done.
    const print = ['run', '--rm', '--no-deps', '-T', 'holdfast', 'nginx', 'print', '--whole'];
    await writeFile(join(place, 'nginx.conf'), await compose(...print));
    t.teardown(async () => {
      if (!t.passed) t.log(await compose('logs', '--no-color'));
      await compose('down', '--timeout', '5');
    });
    await compose('up', '--detach');

    const container = await compose('ps', '--quiet', 'holdfast');
    const state = await docker('inspect', '--format', '{{.State.Health.Status}}', container);
    t.is(state, 'healthy');
    const processes = (await docker('top', container, '-o', 'pid,uid,args')).split('\n').slice(1);
    t.is(processes.length, 1);
    t.regex(processes[0] ?? '', /^\d+ +5000 .*holdfast\.js/);

    const holdfast = bench.client(
      'docker',
      ['exec', '-i', container, 'node', '/usr/local/bin/holdfast'],
      docker.env,
    );
    const password = secret('a password for the deployment');
    await holdfast.given(password)('user', 'create', 'admin', '--password-stdin');
    const certDir = await makeCertDir(bench.directory, join(place, 'holdfast/certs/ca.crt'));
    const origin = await rootFilesystem(bench);
    await umociImage(bench, origin, 'layout');
    const [enter = '', ...words] = network.enter;
    const skopeo = bench.client(enter, [...words, 'skopeo', 'copy', '--quiet']);
    const image = 'docker://127.0.0.1:8443/admin/app:v1';
    const login = (which: string) => [
      `--${which}-cert-dir`,
      certDir,
      `--${which}-creds`,
      `admin:${password}`,
    ];
    await skopeo(...login('dest'), 'oci:layout:v1', image);
    await skopeo(...login('src'), image, 'oci:back:v1');
    await bench.umoci('unpack', '--image', 'back:v1', '--rootless', bench.path('bundle'));
    t.true(await sameContent(bench.path('bundle/rootfs'), origin));

    await compose('stop', '--timeout', '20', 'holdfast');
    t.is(await docker('inspect', '--format', '{{.State.ExitCode}}', container), '0');
    await compose('up', '--detach');
    await skopeo(...login('src'), image, 'oci:again:v1');
  },
);

testWith(
  programs,
  'of two containers on one directory, with the names of two hosts, one serves, and the other takes over when that is killed',
  async (t) => {
    const {bench, network, docker} = await hostOf(t);
    const data = bench.path('data');
    await mkdir(data);
    await chown(data, user, user);
    const start = async (name: string, port: number): Promise<void> => {
      const variables = {
        HTTP_LISTEN: `127.0.0.1:${port}`,
        AUTH_MODE: 'none',
        TLS_MODE: 'off',
        CLUSTER_MODE: 'active-standby',
      };
      const settings = Object.entries(variables).map(
        ([key, value]) => `--env=HOLDFAST_${key}=${value}`,
      );
      const place = [
        '--network',
        'host',
        '--hostname',
        name,
        '--volume',
        `${data}:/var/lib/holdfast`,
      ];
      await docker('run', '--detach', '--name', name, ...place, ...settings, 'holdfast');
    };
    t.teardown(async () => docker('rm', '--force', 'one', 'two'));
    const [enter = '', ...words] = network.enter;
    const curl = bench.client(enter, [
      ...words,
      'curl',
      '--silent',
      '--output',
      'said',
      '--write-out',
      '%{http_code}',
    ]);
    const statusOf = async (port: number, path: string): Promise<string> =>
      curl(`http://127.0.0.1:${port}${path}`).catch(() => '000');

    await start('one', 5001);
    await until(async () => (await statusOf(5001, '/healthz/active')) === '200');
    await start('two', 5002);
    await until(async () => (await statusOf(5002, '/healthz/standby')) === '200');
    t.is(await statusOf(5002, '/v2/'), '503');
    await docker('kill', 'one');
    await until(async () => (await statusOf(5002, '/healthz/active')) === '200');
    t.is(await statusOf(5002, '/v2/'), '200');
  },
);
