/** A registry as a company has it after a month: people, teams, namespaces, images, pulls. */
import {type Content, contentOf, imageOf} from '../support/content.ts';
import {demoImage} from './demo-image.ts';

/** Asks the registry as somebody; rejects unless the answer is good. */
export type Ask = (
  as: string,
  method: string,
  path: string,
  body?: {readonly type: string; readonly bytes: Buffer} | object,
) => Promise<Response>;

const day = 86_400_000;
const days = 30;

const people = {
  anna: 'Anna Berg',
  ben: 'Ben Okafor',
  carla: 'Carla Díaz',
  dmitri: 'Dmitri Sokolov',
} as const;

const programs = {
  'shop/frontend': ['1.8.0', '1.8.1', '1.9.0'],
  'shop/checkout': ['2.3.1', '2.4.0'],
  'shop/search': ['0.14.2'],
  'platform/ingress': ['3.2.0', '3.2.1'],
  'platform/backup': ['1.1.0'],
  'tools/linter': ['5.0.0'],
} as const;

const description = [
  '**The web shop.** Serves the pages and talks to `shop/checkout`.',
  '',
  '| port | what |',
  '|---|---|',
  '| 8080 | HTTP |',
  '| 9090 | metrics |',
  '',
  'Run it: `docker run -p 8080:8080 registry.example.org/shop/frontend:1.9.0`',
].join('\n');

/** `setClock` steers the time of day of the registry. */
export async function fill(ask: Ask, setClock: (at: number) => void, now: number): Promise<void> {
  setClock(now - days * day);
  for (const [username, name] of Object.entries(people)) {
    await ask('admin', 'POST', '/api/v1/users', {
      username,
      password: passwordOf(username),
      display_name: name,
      email: `${username}@example.org`,
    });
  }
  for (const [name, owner, text] of [
    ['makers', 'anna', 'The shop, and all it is made of.'],
    ['operators', 'ben', 'What every service needs.'],
  ] as const) {
    await ask('admin', 'POST', '/api/v1/teams', {name, description: text, owner_id: owner});
  }
  for (const [team, user, role] of [
    ['makers', 'carla', 'contributor'],
    ['makers', 'dmitri', 'viewer'],
    ['operators', 'anna', 'viewer'],
  ] as const) {
    await ask('admin', 'POST', `/api/v1/teams/${team}/members`, {user, role});
  }
  for (const [name, team, visibility] of [
    ['shop', 'makers', 'private'],
    ['platform', 'operators', 'protected'],
    ['tools', 'operators', 'public'],
  ] as const) {
    await ask('admin', 'POST', '/api/v1/namespaces', {name, team, visibility});
  }
  await pushAll(ask, setClock, now);
  await ask('anna', 'PUT', '/api/v1/repositories/shop~frontend', {description});
  await ask('carla', 'POST', '/api/v1/repositories/shop~frontend/comments', {
    body: '1.9.0 needs the new `CHECKOUT_URL`: see the **release notes**.',
  });
  await ask('anna', 'PUT', '/api/v1/repositories/shop~frontend/star');
  await ask('anna', 'PUT', '/api/v1/repositories/platform~ingress/star');
  await ask('anna', 'POST', '/api/v1/robots', {
    username: 'shop-ci',
    team: 'makers',
    role: 'contributor',
    description: 'The pipeline of the shop',
  });
}

const pusherOf = (repository: string): string => (repository.startsWith('shop/') ? 'carla' : 'ben');

export const passwordOf = (name: string): string => `${name} of the pictures`;

async function pushAll(ask: Ask, setClock: (at: number) => void, now: number): Promise<void> {
  const pushed: {readonly repository: string; readonly tag: string; readonly at: number}[] = [];
  let seed = 1;
  let newest: Content | undefined;
  for (const [repository, versions] of Object.entries(programs)) {
    for (const [at, version] of versions.entries()) {
      const when = now - Math.round((days - 2) * day * (1 - (at + 1) / versions.length)) - day / 3;
      setClock(when);
      const image = await demoImage(repository.split('/')[1] ?? '', version, (seed += 13));
      await push(ask, repository, [version, 'latest'], image);
      if (repository === 'shop/frontend') newest = image.manifests.at(-1);
      pushed.push({repository, tag: version, at: when});
    }
  }
  await sign(ask, 'shop/frontend', newest);
  for (let ago = days - 1; ago >= 0; ago -= 1) {
    setClock(now - ago * day - day / 4);
    for (const {repository, tag, at} of pushed) {
      if (at > now - ago * day) continue;
      const times = 1 + ((ago * 7 + tag.length * repository.length) % 9);
      for (let time = 0; time < times; time += 1) {
        await ask(pusherOf(repository), 'GET', `/v2/${repository}/manifests/${tag}`);
      }
    }
  }
  setClock(now);
}

async function push(
  ask: Ask,
  repository: string,
  tags: readonly string[],
  {blobs, manifests}: {readonly blobs: readonly Content[]; readonly manifests: readonly Content[]},
): Promise<void> {
  for (const blob of blobs) await pushBlob(ask, repository, blob);
  const last = manifests.at(-1);
  for (const manifest of manifests) {
    const references = manifest === last ? tags : [manifest.digest];
    for (const reference of references) await putManifest(ask, repository, reference, manifest);
  }
}

const pushBlob = async (ask: Ask, repository: string, {digest, bytes}: Content) =>
  ask(pusherOf(repository), 'POST', `/v2/${repository}/blobs/uploads/?digest=${digest}`, {
    type: 'application/octet-stream',
    bytes,
  });

const putManifest = async (ask: Ask, repository: string, reference: string, manifest: Content) =>
  ask(pusherOf(repository), 'PUT', `/v2/${repository}/manifests/${reference}`, {
    type: manifest.descriptor.mediaType,
    bytes: manifest.bytes,
  });

/** A signature and a bill of materials, as cosign and syft attach them. */
async function sign(ask: Ask, repository: string, subject: Content | undefined): Promise<void> {
  if (!subject) return;
  const empty = contentOf('{}', 'application/vnd.oci.empty.v1+json');
  await pushBlob(ask, repository, empty);
  for (const [artifactType, text] of [
    ['application/vnd.dev.sigstore.bundle.v0.3+json', '{"mediaType":"bundle"}'],
    ['application/spdx+json', '{"spdxVersion":"SPDX-2.3","name":"frontend"}'],
  ] as const) {
    const layer = contentOf(text, artifactType);
    await pushBlob(ask, repository, layer);
    const {mediaType, digest, size} = subject.descriptor;
    const manifest = imageOf([layer], {
      artifactType,
      config: empty.descriptor,
      subject: {mediaType, digest, size},
    });
    await putManifest(ask, repository, manifest.digest, manifest);
  }
}
