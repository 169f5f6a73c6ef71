/** What the page shows to type, typed as it stands there: each tool trusts the registry, logs in, pushes and pulls. */
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import type {Page} from 'playwright-core';
import {startBrowser} from '../support/browser.ts';
import {environment} from '../support/command.ts';
import {startDockerd} from '../support/dockerd.ts';
import {writeLayout} from '../support/image-layout.ts';
import {networkNamespace} from '../support/network-namespace.ts';
import {passwordOf, startWithPeople, type WithPeople} from '../support/people.ts';
import {openWindow} from '../support/signed-in.ts';
import {onTerminal} from '../support/terminal.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Workbench} from '../support/workbench.ts';

const password = passwordOf('anna');

interface Place {
  readonly bench: Workbench;
  readonly holdfast: WithPeople;
  /** Of a step, as the page shows it to anna. */
  readonly shown: (step: string | RegExp) => Promise<string>;
  /** Types it in the directory of ca.crt, and the password where it is asked for; answers with the screen. */
  readonly type: (script: string, env?: NodeJS.ProcessEnv) => Promise<string>;
}

/** With ca.crt, as the page gives it, in the directory where things are typed. */
async function openPage(t: ExecutionContext, tool: string, address?: string): Promise<Place> {
  const bench = await workbench(t);
  const holdfast = await startWithPeople(t, address === undefined ? {} : {address});
  const anna = {name: 'anna', password};
  const {page, visit} = await openWindow(await startBrowser(t), holdfast, anna);
  await visit(`/connect?tool=${tool}`);
  const cwd = bench.path('typed');
  await mkdir(cwd);
  await download(page, join(cwd, 'ca.crt'));
  const {env} = bench.client('sh');
  return {
    bench,
    holdfast,
    shown: async (step) => (await page.getByRole('group', {name: step}).textContent()) ?? '',
    type: async (script, more = {}) => {
      await writeFile(bench.path('script'), `set -eu\nsudo() { "$@"; }\n${script}\n`);
      const {code, output} = await onTerminal(
        t,
        `unshare --mount sh ${bench.path('script')}`,
        [{after: /Password: /, type: `${password}\r`}],
        {cwd, env: {...environment(env), ...more}},
      );
      t.is(code, 0, output);
      return output;
    },
  };
}

async function download(page: Page, to: string): Promise<void> {
  const coming = page.waitForEvent('download');
  await page.getByRole('link', {name: 'Download ca.crt'}).click();
  await (await coming).saveAs(to);
}

/** The /etc of the script alone: what it writes there nobody else sees, and it is gone with it. */
const ownEtc = (at: string): string => `mkdir ${at}
mount -t tmpfs tmpfs ${at}
mkdir ${at}/upper ${at}/work
mount -t overlay overlay -o lowerdir=/etc,upperdir=${at}/upper,workdir=${at}/work /etc`;

/** The image that the page takes from Docker Hub comes from here: tests have no internet. */
async function standInForHub({bench, holdfast}: Place): Promise<string> {
  const {host, certDir} = holdfast;
  await writeLayout(bench.path('alpine'), {layers: [{'etc/motd': 'small'}]});
  const credentials = ['--dest-creds', `anna:${password}`, '--dest-cert-dir', certDir];
  const to = `docker://${host}/open/alpine:latest`;
  await bench.skopeo('copy', ...credentials, `oci:${bench.path('alpine')}`, to);
  const hub = `[[registry]]\nprefix = "docker.io/library"\nlocation = "${host}/open"\n`;
  await writeFile(bench.path('hub.conf'), hub);
  return `mkdir -p /etc/containers/registries.conf.d
cp ${bench.path('hub.conf')} /etc/containers/registries.conf.d/hub.conf`;
}

testWith(
  ['chromium', 'podman', 'crun', 'script', 'skopeo', 'unshare'],
  'podman does what the page shows: the certificate where it says, login, push and pull',
  async (t) => {
    const place = await openPage(t, 'podman');
    const {bench, holdfast, shown, type} = place;
    const at = (name: string): string => JSON.stringify(bench.path(name));
    await writeFile(
      bench.path('storage.conf'),
      `[storage]\ndriver = "vfs"\ngraphroot = ${at('podman')}\nrunroot = ${at('run/podman')}\n`,
    );
    await writeFile(
      bench.path('containers.conf'),
      `[engine]\nlock_type = "file"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\ntmp_dir = ${at('run/tmp')}\n`,
    );
    const image = `${holdfast.host}/anna/alpine:latest`;
    const pull = await shown('Pull');
    t.is(pull, `podman pull ${image}`);
    const script = [
      ownEtc(bench.path('own-etc')),
      await standInForHub(place),
      await shown(/^Commands for podman/),
      await shown('Log in'),
      await shown('Push'),
      `podman rmi --force ${image}`,
      pull,
      `podman image exists ${image}`,
    ];
    const output = await type(script.join('\n'), {
      CONTAINERS_STORAGE_CONF: bench.path('storage.conf'),
    });
    t.regex(output, /Login Succeeded/);
  },
);

testWith(
  ['chromium', 'script', 'skopeo', 'unshare'],
  'skopeo does what the page shows: the certificate where it says, login, and copies to and fro',
  async (t) => {
    const place = await openPage(t, 'skopeo');
    const {bench, shown, type} = place;
    const script = [
      ownEtc(bench.path('own-etc')),
      await standInForHub(place),
      await shown(/^Commands for podman, skopeo/),
      await shown('Log in'),
      await shown('Push'),
      await shown('Pull'),
    ];
    t.regex(await type(script.join('\n')), /Login Succeeded/);
    t.regex(await readFile(bench.path('typed/alpine/index.json'), 'utf8'), /"latest"/);
  },
);

testWith(
  ['chromium', 'helm', 'script', 'unshare'],
  'helm does what the page shows: login, a chart that is made, pushed and pulled',
  async (t) => {
    const {bench, shown, type} = await openPage(t, 'helm');
    const script = [
      await shown('Log in'),
      await shown('Push'),
      'mv mychart-0.1.0.tgz pushed.tgz',
      await shown('Pull'),
    ];
    t.regex(await type(script.join('\n')), /Login Succeeded/);
    const [pushed, pulled] = await Promise.all(
      ['pushed.tgz', 'mychart-0.1.0.tgz'].map(async (name) =>
        readFile(bench.path(`typed/${name}`)),
      ),
    );
    t.deepEqual(pulled, pushed);
  },
);

testWith(
  ['chromium', 'oras', 'script', 'unshare'],
  'oras does what the page shows: login, a file that is pushed and pulled',
  async (t) => {
    const {bench, shown, type} = await openPage(t, 'oras');
    await writeFile(bench.path('typed/notes.txt'), 'of this test\n');
    const script = [
      await shown('Log in'),
      await shown('Push'),
      'rm notes.txt',
      await shown('Pull'),
    ];
    t.regex(await type(script.join('\n')), /Login Succeeded/);
    t.is(await readFile(bench.path('typed/notes.txt'), 'utf8'), 'of this test\n');
  },
);

testWith(
  ['chromium', 'docker', 'dockerd', 'containerd', 'runc', 'ip', 'script', 'tar', 'unshare'],
  'docker does what the page shows: the certificate where it says, login, push and pull',
  async (t) => {
    const network = await networkNamespace(t);
    const {bench, holdfast, shown, type} = await openPage(t, 'docker', network.hostAddress);
    const {host} = holdfast;
    const docker = await startDockerd(t, bench, network);
    await bench.client('tar')('-c', '-f', 'layer.tar', 'containers.conf');
    await docker('import', bench.path('layer.tar'), 'alpine:latest');
    // The daemon looks into the /etc of the machine: for this address nobody else does.
    t.teardown(async () => rm(join('/etc/docker/certs.d', host), {recursive: true, force: true}));
    const image = `${host}/anna/alpine:latest`;
    const [fromHub, ...push] = (await shown('Push')).split('\n');
    // There is no internet, and the image is there.
    t.is(fromHub, 'docker pull alpine:latest');
    const script = [
      await shown(/^Commands for docker/),
      await shown('Log in'),
      ...push,
      `docker rmi ${image} alpine:latest`,
      await shown('Pull'),
      `docker image inspect ${image}`,
    ];
    const output = await type(script.join('\n'), docker.env);
    t.regex(output, /Login Succeeded/);
  },
);
