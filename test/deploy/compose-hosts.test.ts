/** The deployment of deploy/compose on two hosts: each a docker of its own, with a network and a name, and one directory for both. */
import {randomBytes} from 'node:crypto';
import {chown, mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {buildHoldfast, importMariadb, importNginx} from '../support/container-images.ts';
import {dockerAt, startDockerDaemon} from '../support/dockerd.ts';
import {rootFilesystem, sameContent, umociImage} from '../support/images.ts';
import {
  layCableBetween,
  networkNamespace,
  type NetworkNamespace,
} from '../support/network-namespace.ts';
import {projectRoot} from '../support/project-root.ts';
import {until} from '../support/raw-request.ts';
import {makeCertDir} from '../support/registry.ts';
import {secret} from '../support/secrets.ts';
import {testWith} from '../support/test-with.ts';
import {type ClientWithEnvironment, type Workbench, workbench} from '../support/workbench.ts';

interface Host {
  readonly network: NetworkNamespace;
  readonly docker: ClientWithEnvironment;
  readonly compose: ClientWithEnvironment;
}

/** The name of the machine is that of its containers, and of its node. */
async function startHost(
  t: ExecutionContext,
  bench: Workbench,
  name: string,
  shared: string,
): Promise<Host> {
  const network = await networkNamespace(t);
  const directory = bench.path(name);
  await mkdir(directory);
  const named = ['unshare', '--uts', 'sh', '-c', 'hostname "$0" && exec "$@"', name];
  const socket = await startDockerDaemon(t, directory, {enter: [...network.enter, ...named]});
  const docker = dockerAt(bench, socket);
  await buildHoldfast(docker, directory);
  await importNginx(docker, directory);
  const compose = bench.client('docker-compose', ['--project-name', name], {
    ...docker.env,
    COMPOSE_FILE: join(projectRoot, 'deploy/compose/compose.yaml'),
    NGINX_IMAGE: 'nginx-here',
    MARIADB_IMAGE: 'mariadb-here',
    SHARED: shared,
  });
  t.teardown(async () => {
    if (!t.passed) t.log(await compose('logs', '--no-color'));
    await compose('--profile', 'database', 'down', '--timeout', '5');
  });
  return {network, docker, compose};
}

const programs = [
  ...['docker', 'dockerd', 'docker-compose', 'containerd', 'runc', 'ip', 'unshare', 'tar'],
  ...['nginx', 'skopeo', 'umoci', 'busybox', 'mariadbd', 'mariadb-install-db'],
] as const;

testWith(
  programs,
  'the compose file runs Holdfast and nginx on two hosts, with MariaDB on one: what is pushed by one is pulled by the other, also when that one serves no more',
  async (t) => {
    const bench = await workbench(t);
    t.timeout(330_000);
    const shared = bench.path('shared');
    await mkdir(join(shared, 'holdfast'), {recursive: true});
    await chown(join(shared, 'holdfast'), 5000, 5000);
    const [one, other] = [
      await startHost(t, bench, 'one', shared),
      await startHost(t, bench, 'other', shared),
    ];
    await layCableBetween(one.network, other.network);
    const addresses = [one.network.address, other.network.address];

    // As the README has it done.
    const databasePassword = secret(randomBytes(24).toString('hex'));
    await writeFile(join(shared, 'database-password'), `${databasePassword}\n`);
    await importMariadb(one.docker, bench.path('one'));
    await one.compose('--profile', 'database', 'up', '--detach', 'mariadb');
    await until(async () => (await one.compose('logs', 'mariadb')).includes('port: 3306'));
    const settings = {
      externalUrl: `https://${addresses[0]}`,
      http: {
        listen: ['0.0.0.0:5000'],
        trustedProxies: addresses,
        accelRedirect: '/internal/',
      },
      cluster: {mode: 'active-active'},
      metadata: {
        url: `mariadb://holdfast:${databasePassword}@${addresses[0]}:3306/holdfast`,
        tls: 'require',
      },
      tls: {names: addresses},
    };
    await writeFile(join(shared, 'holdfast.yaml'), JSON.stringify(settings));
    const balance = addresses.map((address) => `https://${address}:5000`).join(',');
    const print = ['run', '--rm', '--no-deps', '-T', 'holdfast', 'nginx', 'print', '--whole'];
    const printed = await one.compose(...print, '--balance', balance);
    await writeFile(join(shared, 'nginx.conf'), printed);
    for (const {compose} of [one, other]) await compose('up', '--detach');

    const command = async ({compose}: Host, ...words: string[]) =>
      compose('exec', '-T', 'holdfast', 'node', '/usr/local/bin/holdfast', ...words);
    const password = secret('a password for the deployment');
    await one.compose.given(password)(
      ...['exec', '-T', 'holdfast', 'node', '/usr/local/bin/holdfast'],
      ...['user', 'create', 'admin', '--password-stdin'],
    );
    t.regex(await command(other, 'user', 'list'), /admin/);
    t.regex(await command(one, 'node', 'status'), /other/);

    const certDir = await makeCertDir(bench.directory, join(shared, 'holdfast/certs/ca.crt'));
    const origin = await rootFilesystem(bench);
    await umociImage(bench, origin, 'layout');
    const skopeo = async (which: 'src' | 'dest', {network}: Host, layout: string) => {
      const [enter = '', ...words] = network.enter;
      const ends = [`oci:${layout}:v1`, `docker://${network.address}/admin/app:v1`];
      const trust = [`--${which}-cert-dir`, certDir, `--${which}-creds`, `admin:${password}`];
      const copy = bench.client(enter, [...words, 'skopeo', 'copy', '--quiet', ...trust]);
      return copy(...(which === 'dest' ? ends : ends.reverse()));
    };
    const pullsBy = async (host: Host, layout: string): Promise<void> => {
      await skopeo('src', host, layout);
      const bundle = `bundle-of-${layout}`;
      await bench.umoci('unpack', '--image', `${layout}:v1`, '--rootless', bench.path(bundle));
      t.true(await sameContent(bench.path(`${bundle}/rootfs`), origin), layout);
    };
    await skopeo('dest', one, 'layout');
    await pullsBy(other, 'by-other');

    // nginx is there, and Holdfast behind it is not: the other host's is asked.
    await one.docker('kill', await one.compose('ps', '--quiet', 'holdfast'));
    await pullsBy(one, 'without-one');
    await one.compose('up', '--detach');
    await until(async () => (await command(one, 'node', 'status')).includes('other'));
    await other.docker('kill', await other.compose('ps', '--quiet', 'holdfast'));
    await pullsBy(other, 'without-other');
  },
);
