/** A docker daemon of the test's own, which verifies certificates because nothing here is loopback. */
import {cp, mkdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {run} from './command.ts';
import type {NetworkNamespace} from './network-namespace.ts';
import type {Registry} from './registry.ts';
import {startService} from './service.ts';
import type {ClientWithEnvironment, Workbench} from './workbench.ts';

/** Starts dockerd behind the cable of `network` and answers with the docker command that speaks to it. */
export async function startDockerd(
  t: ExecutionContext,
  bench: Workbench,
  network: NetworkNamespace,
): Promise<ClientWithEnvironment> {
  const [first, second] = ['overlay2', 'vfs'] as const;
  const socket = await startWith(t, bench, network, first).catch((error: unknown) => {
    t.log(`dockerd does not start with ${first}: ${String(error)}`);
    return startWith(t, bench, network, second);
  });
  return bench.client('docker', [], {
    DOCKER_HOST: socket,
    DOCKER_CLI_EXPERIMENTAL: 'enabled',
    DOCKER_BUILDKIT: '0',
  });
}

async function startWith(
  t: ExecutionContext,
  bench: Workbench,
  {enter}: NetworkNamespace,
  storageDriver: string,
): Promise<string> {
  const directory = bench.path(`dockerd-${storageDriver}`);
  await mkdir(directory);
  const socket = `unix://${join(directory, 'docker.sock')}`;
  const [program, ...words] = [
    ...enter,
    'dockerd',
    ...['--host', socket],
    ...['--data-root', join(directory, 'data'), '--exec-root', join(directory, 'exec')],
    ...['--pidfile', join(directory, 'docker.pid')],
    ...['--bridge', 'none', '--iptables=false', '--ip6tables=false'],
    ...['--storage-driver', storageDriver, '--exec-opt', 'native.cgroupdriver=cgroupfs'],
  ];
  await startService(t, program ?? '', words, {
    ready: async () => {
      const args = ['--host', socket, 'info', '--format', '{{.ServerErrors}}'];
      const info = await run('docker', args, {allowFailure: true, env: {DOCKER_CONFIG: directory}});
      return info.exitCode === 0 && info.stdout.trim() === '[]';
    },
  });
  return socket;
}

/** Makes docker trust this registry's CA, for its address alone and until the end of the test. */
export async function trustForDocker(t: ExecutionContext, registry: Registry): Promise<void> {
  const directory = join('/etc/docker/certs.d', registry.host);
  t.teardown(() => rm(directory, {recursive: true, force: true}));
  await cp(registry.certDir, directory, {recursive: true});
}
