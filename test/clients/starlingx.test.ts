/** StarlingX's registry with Holdfast in its place: deploy/starlingx as it stands, a real Keystone, and real clients. */
import {randomUUID} from 'node:crypto';
import {readFile, writeFile} from 'node:fs/promises';
import https from 'node:https';
import type {ExecutionContext} from 'ava';
import {basic} from '../support/accounts.ts';
import {dockerAt, startDockerDaemon, trustForDocker} from '../support/dockerd.ts';
import {startDockerRegistry} from '../support/docker-registry.ts';
import {rootFilesystem, umociImage} from '../support/images.ts';
import {keystonePrograms, startKeystone} from '../support/keystone.ts';
import {shared} from '../support/lifetime.ts';
import {networkNamespace} from '../support/network-namespace.ts';
import {pushTo} from '../support/peer.ts';
import {ask} from '../support/registry.ts';
import {secret} from '../support/secrets.ts';
import {installStarlingX, type StarlingX} from '../support/starlingx.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Client, type Workbench} from '../support/workbench.ts';

const programs = [
  ...keystonePrograms,
  ...(['docker', 'dockerd', 'containerd', 'runc', 'ip', 'tar'] as const),
  ...(['podman', 'crun', 'skopeo', 'umoci', 'busybox', 'docker-registry'] as const),
];

const passwordOf = (name: string): string => secret(`Password-of-${name}*1`);

const place = shared(async (life) => {
  const network = await networkNamespace(life);
  const [keystone, socket, root] = await Promise.all([
    startKeystone(life),
    startDockerDaemon(life, await temporaryDirectory(life), network),
    temporaryDirectory(life),
  ]);
  for (const name of ['sysinv', 'mtce', 'user1', 'user2']) {
    await keystone.addUser(name, {password: passwordOf(name)});
  }
  const starlingx = await installStarlingX(life, {
    root,
    address: network.hostAddress,
    keystoneUrl: keystone.url,
  });
  await trustForDocker(life, starlingx);
  return {keystone, socket, starlingx};
});

/** Before Holdfast, docker-registry of Debian has put these there. */
const former = ['user1/former', 'user2/former', 'public/base', 'quay.io/calico/node'];
const isPushed = shared(async () => Promise.resolve({done: false}));

interface Place {
  readonly bench: Workbench;
  readonly starlingx: StarlingX;
  /** As the user, trusting the registry. */
  readonly skopeo: (
    user: string,
    verb: 'copy' | 'delete' | 'inspect',
    ...args: string[]
  ) => Promise<string>;
  /** `user1/app` as an image of this registry, with the tag v1.0 unless another is given. */
  readonly name: (repository: string, tag?: string) => string;
  readonly docker: ReturnType<typeof dockerAt>;
  readonly podman: (verb: 'push' | 'pull', ...args: string[]) => ReturnType<Client>;
  readonly credentials: (user: string) => string;
}

async function setUp(t: ExecutionContext): Promise<Place> {
  const bench = await workbench(t);
  const {keystone, socket, starlingx} = await place(t);
  t.teardown(() => {
    if (!t.passed) t.log(starlingx.output().slice(-4000));
  });
  await umociImage(bench, await rootFilesystem(bench), 'made');
  const state = await isPushed(t);
  if (!state.done) {
    const registry = await startDockerRegistry(t, starlingx.images);
    for (const name of former) await pushTo(registry, bench, 'oci:made:v1', `${name}:v1.0`);
    await registry.stop();
    await starlingx.start();
    state.done = true;
  }
  const {host, certDir} = starlingx;
  const credentials = (user: string): string =>
    `${user}:${user === 'admin' ? keystone.admin.password : passwordOf(user)}`;
  return {
    bench,
    starlingx,
    credentials,
    name: (repository, tag = 'v1.0') => `${host}/${repository}:${tag}`,
    skopeo: async (user, verb, ...args) => {
      const side = verb === 'copy' ? 'dest-' : '';
      const trust = [`--${side}cert-dir`, certDir, `--${side}creds`, credentials(user)];
      const both =
        verb === 'copy' ? ['--src-cert-dir', certDir, '--src-creds', credentials(user)] : [];
      return bench.skopeo(verb, ...trust, ...both, ...args);
    },
    docker: dockerAt(bench, socket),
    podman: async (verb, ...args) => bench.podman(verb, '--cert-dir', certDir, ...args),
  };
}

const refusal = (user: string, deed: string, repository: string): RegExp =>
  new RegExp(`${user} may not ${deed} ${repository}: no rule about names says so`);

testWith(programs, 'images that docker-registry has stored there are served', async (t) => {
  const {bench, skopeo, name} = await setUp(t);
  for (const [user, repository] of [
    ['user1', 'user1/former'],
    ['user2', 'public/base'],
    ['mtce', 'public/base'],
    ['admin', 'user2/former'],
    ['sysinv', 'quay.io/calico/node'],
  ] as const) {
    const to = bench.path(`pulled-${randomUUID()}`);
    await t.notThrowsAsync(skopeo(user, 'copy', `docker://${name(repository)}`, `dir:${to}`));
  }
  await bench.refuses(
    skopeo('user1', 'inspect', `docker://${name('quay.io/calico/node')}`),
    refusal('user1', 'pull from', 'quay.io/calico/node'),
  );
});

testWith(
  programs,
  'with skopeo user1 can neither push nor pull nor delete what is below user2, and user2 and admin can',
  async (t) => {
    const {bench, skopeo, name} = await setUp(t);
    const image = `docker://${name('user2/testimage')}`;
    await bench.refuses(
      skopeo('user1', 'copy', 'oci:made:v1', image),
      refusal('user1', '(push to|pull from)', 'user2/testimage'),
    );
    for (const user of ['user2', 'admin']) {
      await skopeo(user, 'copy', 'oci:made:v1', image);
      await bench.refuses(
        skopeo('user1', 'copy', image, 'dir:stolen'),
        refusal('user1', 'pull from', 'user2/testimage'),
      );
      await bench.refuses(skopeo('user1', 'delete', image), /user1 may not (pull|delete)/);
      await skopeo(user, 'inspect', image);
      await skopeo(user, 'delete', image);
      await bench.refuses(skopeo(user, 'inspect', image), /manifest unknown/);
    }
  },
);

testWith(
  programs,
  'with docker user1 can neither push to what is below user2 nor pull from it, and user2 and admin can',
  async (t) => {
    const {bench, docker, name, starlingx, credentials} = await setUp(t);
    const login = async (user: string): Promise<void> => {
      const [, password = ''] = credentials(user).split(/:(.*)/);
      const words = ['login', '-u', user, '--password-stdin', starlingx.host];
      t.regex(await docker.given(`${password}\n`)(...words), /Login Succeeded/);
    };
    await writeFile(bench.path('content'), randomUUID());
    await bench.client('tar')('-c', '-f', 'layer.tar', 'content');
    const image = name('user2/by-docker');
    await docker('import', bench.path('layer.tar'), image);
    for (const user of ['user2', 'admin']) {
      await login('user1');
      await bench.refuses(docker('push', image), /denied|unauthorized|no rule about names/);
      await login(user);
      await docker('push', image);
      await docker('image', 'rm', image);
      await login('user1');
      await bench.refuses(docker('pull', image), /denied|unauthorized|no rule about names/);
      await login(user);
      await docker('pull', image);
    }
    await login('user1');
    await docker('tag', image, name('user1/by-docker'));
    await docker('push', name('user1/by-docker'));
    await docker('pull', name('public/base'));
    await docker('image', 'rm', image, name('user1/by-docker'), name('public/base'));
    const wrong = ['login', '-u', 'user1', '--password-stdin', starlingx.host];
    await bench.refuses(
      docker.given('wrong\n')(...wrong),
      /unauthorized: the name or the password is not right/,
    );
  },
);

testWith(
  programs,
  'with podman user1 can neither push to what is below user2 nor pull from it, and user2 and admin can',
  async (t) => {
    const {bench, podman, name, credentials} = await setUp(t);
    await writeFile(bench.path('content'), randomUUID());
    await bench.client('tar')('-c', '-f', 'layer.tar', 'content');
    const image = name('user2/by-podman');
    await bench.podman('import', 'layer.tar', image);
    const as = (user: string): string[] => ['--creds', credentials(user)];
    for (const user of ['user2', 'admin']) {
      await bench.refuses(
        podman('push', ...as('user1'), image),
        refusal('user1', '(push to|pull from)', 'user2/by-podman'),
      );
      await podman('push', ...as(user), image);
      await bench.refuses(
        podman('pull', ...as('user1'), image),
        refusal('user1', 'pull from', 'user2/by-podman'),
      );
      await podman('pull', ...as(user), image);
    }
  },
);

testWith(programs, 'mtce pulls what is public, and has no place of its own', async (t) => {
  const {bench, skopeo, name} = await setUp(t);
  await skopeo('mtce', 'inspect', `docker://${name('public/base')}`);
  await bench.refuses(
    skopeo('mtce', 'copy', 'oci:made:v1', `docker://${name('mtce/app')}`),
    /mtce may not (push to|pull from) mtce\/app: the rule about mtce\/\*\* forbids it/,
  );
});

testWith(
  programs,
  'the realm answers at /token/ of port 9002, for its own service, and its refresh tokens outlive a restart',
  async (t) => {
    const {starlingx, credentials} = await setUp(t);
    const {caFile, host, url} = starlingx;
    const challenge = (await ask(starlingx, '/v2/')).headers['www-authenticate'];
    const realm = url.replace('9001', '9002');
    t.is(challenge, `Bearer realm="${realm}/token/",service="${host}"`);
    const [, password = ''] = credentials('user1').split(/:(.*)/);
    const authorization = basic('user1', password);
    const asked = async (query: string, headers: Record<string, string> = {authorization}) =>
      ask({url: realm, caFile}, `/token/?${query}`, {headers});
    const anonymous = await asked(`service=${host}`, {});
    t.is(anonymous.status, 401);
    t.regex(String(anonymous.headers['www-authenticate']), /^Basic realm=/);
    t.is((await asked('service=elsewhere:9001')).status, 400);
    const answer = await asked(`service=${host}&offline_token=true&client_id=test`);
    const {refresh_token: refresh, token} = JSON.parse(answer.body.toString()) as {
      refresh_token: string;
      token: string;
    };
    secret(refresh);
    const [, payload = ''] = secret(token).split('.');
    t.like(JSON.parse(Buffer.from(payload, 'base64url').toString()), {
      iss: 'bird-token-server',
      sub: 'user1',
      aud: host,
    });
    await starlingx.stop();
    await starlingx.start();
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      service: host,
      client_id: 'test',
      refresh_token: refresh,
      scope: 'repository:user1/app:pull,push repository:user2/app:pull,push',
    });
    const query = `${realm}/token/`;
    const again = await post(query, form.toString(), caFile);
    t.is(again.status, 200);
    const granted = (JSON.parse(again.body) as {access_token: string}).access_token;
    const [, claims = ''] = secret(granted).split('.');
    t.deepEqual(
      (JSON.parse(Buffer.from(claims, 'base64url').toString()) as {access: unknown}).access,
      [{type: 'repository', name: 'user1/app', actions: ['pull', 'push']}],
    );
  },
);

testWith(
  programs,
  'the command line shows what the platform’s files and variables say',
  async (t) => {
    const {starlingx} = await setUp(t);
    t.regex(await starlingx.command('config check'), /ok|sound|nothing/i);
    const printed = await starlingx.command('config print');
    for (const line of [
      /bird-token-server/,
      /REGISTRY_TOKEN_SERVER_KS_ENDPOINT/,
      /REGISTRY_STORAGE_DELETE_ENABLED/,
      /runtime_config\.yml:\d+/,
    ]) {
      t.regex(printed, line);
    }
  },
);

testWith(programs, 'the catalogue shows everybody what he may pull', async (t) => {
  const {starlingx, credentials} = await setUp(t);
  const seen = async (user: string): Promise<readonly string[]> => {
    const [, password = ''] = credentials(user).split(/:(.*)/);
    const headers = {authorization: basic(user, password)};
    const {body} = await ask(starlingx, '/v2/_catalog', {headers});
    return (JSON.parse(body.toString()) as {repositories: string[]}).repositories;
  };
  t.true((await seen('user1')).every((name) => /^(user1|public)\//.test(name)));
  t.true((await seen('user1')).includes('user1/former'));
  t.deepEqual(await seen('mtce'), ['public/base']);
  for (const user of ['admin', 'sysinv']) {
    const all = await seen(user);
    t.true(former.every((name) => all.includes(name)));
  }
});

testWith(
  programs,
  'the link to the read-only configuration refuses pushes and deletes from the next start on, and the link back takes them again',
  async (t) => {
    const {bench, skopeo, name, starlingx} = await setUp(t);
    const image = `docker://${name('user1/readonly')}`;
    await skopeo('user1', 'copy', 'oci:made:v1', image);
    await starlingx.useConfig('readonly');
    await bench.refuses(
      skopeo('user1', 'copy', 'oci:made:v1', `docker://${name('user1/other')}`),
      /405|unsupported|read-only/i,
    );
    await bench.refuses(skopeo('user1', 'delete', image), /405|unsupported|read-only/i);
    await skopeo('user1', 'inspect', image);
    await starlingx.useConfig('runtime');
    await skopeo('user1', 'copy', 'oci:made:v1', `docker://${name('user1/other')}`);
    await skopeo('user1', 'delete', image);
  },
);

/** Sends a form, over TLS to whom the authority has signed. */
async function post(
  url: string,
  form: string,
  caFile: string,
): Promise<{readonly status: number; readonly body: string}> {
  const ca = await readFile(caFile);
  return new Promise((resolve, reject) => {
    const headers = {'Content-Type': 'application/x-www-form-urlencoded'};
    https
      .request(url, {method: 'POST', ca, headers, agent: false}, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => {
          resolve({status: response.statusCode ?? 0, body});
        });
      })
      .once('error', reject)
      .end(form);
  });
}
