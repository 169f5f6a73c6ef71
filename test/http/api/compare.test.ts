/** Two images beside each other. */
import test from 'ava';
import {basic} from '../../support/accounts.ts';
import {indexOf, mediaTypes, putManifest} from '../../support/content.ts';
import {layerOf, openLayers, queryOf, repository, tarOf} from './layers.ts';
import {itemOf} from './workbench.ts';

test('layers and settings are told that both have, and that one has', async (t) => {
  const {ask, pushLayers} = await openLayers(t);
  const [base, old, fresh] = await Promise.all(
    ['base', 'old', 'new'].map(async (text) => layerOf(await tarOf(t, {[text]: text}))),
  );
  if (!base || !old || !fresh) return t.fail();
  const history = (last: string) => [
    {created_by: 'FROM base'},
    {created_by: 'ENV A=1', empty_layer: true},
    {created_by: last},
  ];
  await pushLayers([base, old], {
    tag: 'v1',
    config: {
      history: history('COPY old'),
      config: {Env: ['PATH=/bin', 'A=1'], Cmd: ['sh'], Labels: {version: '1', gone: 'x'}},
    },
  });
  await pushLayers([base, fresh], {
    tag: 'v2',
    config: {
      history: history('COPY new'),
      config: {
        Env: ['PATH=/bin', 'A=2=3'],
        Cmd: ['sh', '-c'],
        User: 'anna',
        ExposedPorts: {'80/tcp': {}},
        Labels: {version: '2'},
      },
    },
  });
  const compared = itemOf(await ask(`${repository}/compare?from=v1&to=v2`));
  t.like(compared, {
    from: {repository: 'tools/saw', reference: 'v1', platform: 'linux/amd64', index: null},
    to: {reference: 'v2'},
    layers: {
      common: [{digest: base.digest, created_by: 'FROM base'}],
      only_from: [{digest: old.digest, size: old.bytes.length, created_by: 'COPY old'}],
      only_to: [{digest: fresh.digest, created_by: 'COPY new'}],
    },
  });
  t.deepEqual(compared['configuration'], [
    {field: 'user', key: null, from: null, to: 'anna'},
    {field: 'cmd', key: null, from: '["sh"]', to: '["sh","-c"]'},
    {field: 'env', key: 'A', from: '1', to: '2=3'},
    {field: 'exposed_ports', key: '80/tcp', from: null, to: '80/tcp'},
    {field: 'labels', key: 'version', from: '1', to: '2'},
    {field: 'labels', key: 'gone', from: 'x', to: null},
  ]);
  t.is((await ask(`${repository}/compare?from=v1&to=v3`)).status, 404);
  t.is((await ask(`${repository}/compare?from=v1`)).status, 400);
});

test('files are told that were added, removed or changed, in parts, whatever their times are', async (t) => {
  const {ask, pushLayers} = await openLayers(t);
  const before = {
    'etc/same': 'same',
    'etc/text': 'one',
    'opt/old/a': 'a',
    'opt/link': {symlink: 'a'},
    tool: 'x',
  };
  const after = {
    'etc/same': 'same',
    'etc/text': 'two',
    'opt/link': {symlink: 'b'},
    'opt/new': 'newer',
    tool: {directory: true},
  } as const;
  await pushLayers([layerOf(await tarOf(t, before, ['--mtime=@1']))], {tag: 'v1'});
  await pushLayers([layerOf(await tarOf(t, after, ['--mtime=@2', '--mode=a+x']), 'zstd')], {
    tag: 'v2',
  });
  const seen: unknown[] = [];
  let next: string | null = '';
  while (next !== null) {
    const page: {
      readonly next: string | null;
      readonly files: readonly {
        readonly path: string;
        readonly change: string;
        readonly differs: readonly string[];
      }[];
    } = (
      await ask(
        `${repository}/compare/files?${queryOf({from: 'v1', to: 'v2', limit: 2, ...(next && {after: next})})}`,
      )
    ).body as never;
    seen.push(...page.files.map(({path, change, differs}) => [path, change, differs.join()]));
    next = page.next;
    t.true(page.files.length <= 2);
  }
  t.deepEqual(seen, [
    ['/etc/same', 'changed', 'mode'],
    ['/etc/text', 'changed', 'content,mode'],
    ['/opt/link', 'changed', 'target'],
    ['/opt/new', 'added', ''],
    ['/opt/old', 'removed', ''],
    ['/opt/old/a', 'removed', ''],
    ['/tool', 'changed', 'kind'],
  ]);
  t.like(itemOf(await ask(`${repository}/compare/files?from=v1&to=v2&limit=2`)), {
    added: 1,
    removed: 2,
    changed: 4,
    added_bytes: 12,
    removed_bytes: 9,
    files: [{path: '/etc/same', from: {size: 4}, to: {size: 4}}, {change: 'changed'}],
  });
  t.like(itemOf(await ask(`${repository}/compare/files?from=v1&to=v1`)), {files: [], next: null});
});

test('of indexes the platform is compared that was asked for, or that both have', async (t) => {
  const {ask, as, pushLayers} = await openLayers(t);
  const images = await Promise.all(
    ['1', '2'].map(async (text) => pushLayers([layerOf(await tarOf(t, {[text]: text}))])),
  );
  const child = async (digest: string, platform: string) => {
    const [os = '', architecture = ''] = platform.split('/');
    const head = await ask(`/v2/tools/saw/manifests/${digest}`);
    const mediaType = mediaTypes.image;
    return {mediaType, digest, size: head.text.length, platform: {os, architecture}};
  };
  const index = async (tag: string, children: readonly object[]) =>
    putManifest(as(basic('anna')), 'tools/saw', tag, indexOf([], {manifests: children})).expect(
      201,
    );
  const [one = '', other = ''] = images;
  await index('v1', [
    await child(one, 'unknown/unknown'),
    await child(one, 'linux/arm64'),
    await child(other, 'linux/amd64'),
  ]);
  await index('v2', [await child(other, 'linux/amd64')]);
  t.like(itemOf(await ask(`${repository}/compare?from=v1&to=v2`)), {
    from: {
      digest: other,
      platform: 'linux/amd64',
      platforms: ['linux/arm64', 'linux/amd64'],
    },
    to: {digest: other},
  });
  t.like(itemOf(await ask(`${repository}/compare?from=v1&to=v1&platform=linux/arm64`)), {
    from: {digest: one},
    to: {digest: one},
  });
  t.is((await ask(`${repository}/compare?from=v1&to=v2&platform=linux/arm64`)).status, 404);
});

test('an image of another repository is compared by whoever may pull there', async (t) => {
  const {ask, by, namespace, pushLayers} = await openLayers(t);
  const layers = [layerOf(await tarOf(t, {x: 'x'}))];
  await namespace('hidden', 'makers');
  await pushLayers(layers, {tag: 'v1'});
  await pushLayers(layers, {tag: 'v1', name: 'hidden/saw'});
  const address = `${repository}/compare?from=v1&to=v1&to_repository=hidden~saw`;
  t.like(itemOf(await ask(address)), {to: {repository: 'hidden/saw'}, layers: {only_to: []}});
  await by('root').put('/api/v1/namespaces/tools').send({visibility: 'public'}).expect(200);
  t.is((await by('carl').get(`${repository}/compare?from=v1&to=v1`)).status, 200);
  t.is((await by('carl').get(address)).status, 404);
});
