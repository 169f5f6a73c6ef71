/** A docker daemon of the test's own, which verifies certificates because nothing here is loopback. */
import {cp, mkdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {run} from './command.ts';
import type {Lifetime} from './lifetime.ts';
import type {NetworkNamespace} from './network-namespace.ts';
import type {Registry} from './registry.ts';
import {startService} from './service.ts';
import type {ClientWithEnvironment, Workbench} from './workbench.ts';

/** Starts dockerd behind the cable of `network` and answers with the docker command that speaks to it. */
export async function startDockerd(
  life: Lifetime,
  bench: Workbench,
  network: Pick<NetworkNamespace, 'enter'>,
): Promise<ClientWithEnvironment> {
  return dockerAt(bench, await startDockerDaemon(life, bench.directory, network));
}

/** The docker command of this bench, for the daemon at that socket. */
export function dockerAt(bench: Workbench, socket: string): ClientWithEnvironment {
  return bench.client('docker', [], {
    DOCKER_HOST: socket,
    DOCKER_CLI_EXPERIMENTAL: 'enabled',
    DOCKER_BUILDKIT: '0',
  });
}

/** Answers with its socket, as DOCKER_HOST has it. */
export async function startDockerDaemon(
  life: Lifetime,
  place: string,
  network: Pick<NetworkNamespace, 'enter'>,
): Promise<string> {
  const [first, second] = ['overlay2', 'vfs'] as const;
  return startWith(life, place, network, first).catch((error: unknown) => {
    life.log(`dockerd does not start with ${first}: ${String(error)}`);
    return startWith(life, place, network, second);
  });
}

async function startWith(
  life: Lifetime,
  place: string,
  {enter}: Pick<NetworkNamespace, 'enter'>,
  storageDriver: string,
): Promise<string> {
  const directory = join(place, `dockerd-${storageDriver}`);
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
  await startService(life, program ?? '', words, {
    ready: async () => {
      const args = ['--host', socket, 'info', '--format', '{{.ServerErrors}}'];
      const info = await run('docker', args, {allowFailure: true, env: {DOCKER_CONFIG: directory}});
      return info.exitCode === 0 && info.stdout.trim() === '[]';
    },
  });
  return socket;
}

/** Makes docker trust this registry's CA, for its address alone and until the end. */
export async function trustForDocker(life: Lifetime, registry: Registry): Promise<void> {
  const directory = join('/etc/docker/certs.d', registry.host);
  life.teardown(() => rm(directory, {recursive: true, force: true}));
  await cp(registry.certDir, directory, {recursive: true});
}
