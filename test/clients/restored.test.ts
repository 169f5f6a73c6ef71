/** docker with a registry that is lost, and put back from its backup into another directory. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {run} from '../support/command.ts';
import {startDockerd, trustForDocker} from '../support/dockerd.ts';
import {startHoldfast} from '../support/holdfast.ts';
import {networkNamespace} from '../support/network-namespace.ts';
import {secret} from '../support/secrets.ts';
import {entry, startServe, withoutSettings} from '../support/serve-process.ts';
import {testWith} from '../support/test-with.ts';
import {workbench} from '../support/workbench.ts';

const programs = ['docker', 'dockerd', 'containerd', 'runc', 'ip', 'tar'] as const;

testWith(
  programs,
  'docker pulls what it had pushed from a backup that was put back, with the login and the CA that it had',
  async (t) => {
    const bench = await workbench(t);
    const network = await networkNamespace(t);
    const settings = {auth: {mode: 'accounts'}} as const;
    const lost = await startHoldfast(t, {address: network.hostAddress, settings});
    await trustForDocker(t, lost);
    const docker = await startDockerd(t, bench, network);
    const password = secret('the password of anna');
    await lost.command('user create anna --password-stdin', password);
    await docker.given(password)('login', '--username', 'anna', '--password-stdin', lost.host);
    const image = `${lost.host}/anna/app:v1`;
    await writeFile(bench.path('greeting'), 'from before\n');
    await bench.client('tar')('-cf', bench.path('root.tar'), '-C', bench.directory, 'greeting');
    await docker('import', bench.path('root.tar'), image);
    await docker('push', image);
    const id = await docker('image', 'inspect', '--format', '{{.Id}}', image);

    await lost.command(`backup ${bench.path('backup')}`);
    await lost.stop();
    await docker('system', 'prune', '--all', '--force');
    const dataDir = bench.path('put-back');
    const words = [entry, 'restore', bench.path('backup'), '--data-dir', dataDir];
    await run(process.execPath, words, {env: withoutSettings});
    const configFile = join(bench.directory, 'put-back.yaml');
    const tls = {names: [network.hostAddress]};
    await startServe(t, {configFile, config: {dataDir, http: {listen: [lost.host]}, tls}});

    await docker('pull', image);
    t.is(await docker('image', 'inspect', '--format', '{{.Id}}', image), id);
  },
);
