/** The image of deploy/container, and the deployment of deploy/compose made of it, run by a real dockerd. */
import {chown, mkdir, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {run} from '../support/command.ts';
import {importBase} from '../support/container-base.ts';
import {dockerAt, startDockerDaemon} from '../support/dockerd.ts';
import {rootFilesystem, sameContent, umociImage} from '../support/images.ts';
import {networkNamespace, type NetworkNamespace} from '../support/network-namespace.ts';
import {findProgram} from '../support/programs.ts';
import {projectRoot} from '../support/project-root.ts';
import {makeCertDir} from '../support/registry.ts';
import {secret} from '../support/secrets.ts';
import {testWith} from '../support/test-with.ts';
import {type ClientWithEnvironment, type Workbench, workbench} from '../support/workbench.ts';

const user = 5000;

interface Host {
  readonly bench: Workbench;
  readonly network: NetworkNamespace;
  readonly docker: ClientWithEnvironment;
}

/** A host with a docker of its own, behind a cable, that has the image. */
async function hostWithImage(t: ExecutionContext): Promise<Host> {
  const bench = await workbench(t);
  const network = await networkNamespace(t);
  const docker = dockerAt(bench, await startDockerDaemon(t, bench.directory, network));
  const image = bench.path('image');
  await run(process.execPath, [join(projectRoot, 'deploy/container/stage.js'), image]);
  const files = await readdir(join(image, 'program/node_modules'), {recursive: true});
  const machineCode = files
    .filter((path) => path.endsWith('.node') && !path.includes('musl'))
    .map((path) => join(image, 'program/node_modules', path));
  await importBase(docker, bench.path('node-base'), 'node-base', {
    programs: {'usr/bin/node': process.execPath},
    loaded: machineCode,
  });
  const build = ['build', '--build-arg', 'BASE=node-base', '--tag', 'holdfast'];
  await docker(...build, '--file', join(image, 'Containerfile'), image);
  return {bench, network, docker};
}

const programs = [
  ...['docker', 'dockerd', 'docker-compose', 'containerd', 'runc', 'ip', 'tar', 'nginx'],
  ...['skopeo', 'umoci', 'busybox'],
] as const;

/** Of its own programs, too: what Debian's nginx looks for when it starts. */
async function importNginx({bench, docker}: Host): Promise<void> {
  await importBase(docker, bench.path('nginx-base'), 'nginx-here', {
    programs: {'usr/sbin/nginx': findProgram('nginx') ?? ''},
    texts: {
      'etc/passwd': 'root:x:0:0::/:/\nnobody:x:65534:65534::/:/\n',
      'etc/group': 'root:x:0:\nnogroup:x:65534:\n',
      'var/lib/nginx/.keep': '',
    },
    changes: ['ENTRYPOINT ["/usr/sbin/nginx", "-e", "stderr", "-g", "daemon off;"]'],
  });
}

testWith(
  programs,
  'the compose file runs Holdfast and nginx of a shared directory: an image is pushed and pulled through them',
  async (t) => {
    t.timeout(300_000);
    const host = await hostWithImage(t);
    const {bench, network, docker} = host;
    await importNginx(host);
    const shared = bench.path('shared');
    await mkdir(join(shared, 'holdfast'), {recursive: true});
    await chown(join(shared, 'holdfast'), user, user);
    await writeFile(
      join(shared, 'holdfast.yaml'),
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
      SHARED: shared,
    });
    // As the README has it done.
    const print = ['run', '--rm', '--no-deps', '-T', 'holdfast', 'nginx', 'print', '--whole'];
    await writeFile(join(shared, 'nginx.conf'), await compose(...print));
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
    const certDir = await makeCertDir(bench.directory, join(shared, 'holdfast/certs/ca.crt'));
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
