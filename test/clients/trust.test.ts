/** What `holdfast certificate trust` prints, done as it says: then each client trusts the registry, and before that none. */
import {mkdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {run} from '../support/command.ts';
import {startContainerd} from '../support/containerd.ts';
import {startDockerd} from '../support/dockerd.ts';
import {type Holdfast, startHoldfast} from '../support/holdfast.ts';
import {rootFilesystem, umociImage} from '../support/images.ts';
import {networkNamespace, type NetworkNamespace} from '../support/network-namespace.ts';
import {pushTo} from '../support/peer.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Workbench} from '../support/workbench.ts';

interface Printed {
  readonly ca: {readonly pem: string};
  readonly clients: readonly {readonly client: string; readonly commands: readonly string[]}[];
}

interface Place {
  readonly bench: Workbench;
  readonly holdfast: Holdfast;
  readonly network: NetworkNamespace;
  /** An image that is there, by its full name. */
  readonly image: string;
  /** Runs the commands for a client, as root. */
  readonly follow: (client: string) => Promise<void>;
}

async function setUp(t: ExecutionContext): Promise<Place> {
  const bench = await workbench(t);
  const network = await networkNamespace(t);
  const holdfast = await startHoldfast(t, {address: network.hostAddress});
  await umociImage(bench, await rootFilesystem(bench), 'made');
  await pushTo(holdfast, bench, 'oci:made:v1', 'trust/app:v1');
  const words = `certificate trust --host ${holdfast.host} --json`;
  const {ca, clients} = JSON.parse(await holdfast.command(words)) as Printed;
  const cwd = bench.path('as-printed');
  await mkdir(cwd);
  await writeFile(join(cwd, 'ca.crt'), ca.pem);
  return {
    bench,
    holdfast,
    network,
    image: `${holdfast.host}/trust/app:v1`,
    follow: async (client) => {
      const commands = clients.find((each) => each.client.startsWith(client))?.commands ?? [];
      t.true(commands.length > 0);
      for (const command of commands) {
        await run('sh', ['-c', command.replaceAll('sudo ', '')], {cwd});
      }
    },
  };
}

const untrusted = /x509: certificate signed by unknown authority/;

testWith(
  ['docker', 'dockerd', 'containerd', 'runc', 'ip', 'skopeo', 'umoci', 'busybox'],
  'docker trusts it by the command that is printed',
  async (t) => {
    const {bench, holdfast, network, image, follow} = await setUp(t);
    const docker = await startDockerd(t, bench, network);
    await bench.refuses(docker('pull', image), untrusted);
    t.teardown(async () =>
      rm(join('/etc/docker/certs.d', holdfast.host), {recursive: true, force: true}),
    );
    await follow('docker');
    await t.notThrowsAsync(docker('pull', image));
  },
);

testWith(
  ['podman', 'crun', 'ip', 'skopeo', 'umoci', 'busybox'],
  'podman and skopeo trust it by the command that is printed',
  async (t) => {
    const {bench, holdfast, image, follow} = await setUp(t);
    await bench.refuses(bench.podman('pull', image), untrusted);
    await bench.refuses(bench.skopeo('inspect', `docker://${image}`), untrusted);
    t.teardown(async () =>
      rm(join('/etc/containers/certs.d', holdfast.host), {recursive: true, force: true}),
    );
    await follow('podman');
    await t.notThrowsAsync(bench.podman('pull', image));
    await t.notThrowsAsync(bench.skopeo('inspect', `docker://${image}`));
  },
);

testWith(
  ['containerd', 'ctr', 'ip', 'skopeo', 'umoci', 'busybox'],
  'containerd trusts it by the commands that are printed',
  async (t) => {
    const {bench, holdfast, image, follow} = await setUp(t);
    const ctr = await startContainerd(t, bench);
    await bench.refuses(ctr('images', 'pull', image), untrusted);
    t.teardown(async () =>
      rm(join('/etc/containerd/certs.d', holdfast.host), {recursive: true, force: true}),
    );
    await follow('containerd');
    const hosts = ['--hosts-dir', '/etc/containerd/certs.d'];
    await t.notThrowsAsync(ctr('images', 'pull', ...hosts, image));
    await t.notThrowsAsync(ctr('images', 'push', ...hosts, image));
  },
);
