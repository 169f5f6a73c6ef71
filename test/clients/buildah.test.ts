import {startHoldfast} from '../support/holdfast.ts';
import {buildahImage, digestOf, rootFilesystem, sameContent} from '../support/images.ts';
import {testWith} from '../support/test-with.ts';
import {workbench} from '../support/workbench.ts';

testWith(
  ['buildah', 'busybox'],
  'an image built by buildah is pulled again, by tag and by digest',
  async (t) => {
    const bench = await workbench(t);
    const registry = await startHoldfast(t);
    const origin = await rootFilesystem(bench);
    const name = `${registry.host}/built/app:v1`;
    const trust = ['--cert-dir', registry.certDir];
    await buildahImage(bench, origin, name);

    await bench.buildah('push', ...trust, '--digestfile', bench.path('digest'), name);
    const digest = await bench.client('cat')('digest');
    for (const reference of [name, name.replace(':v1', `@${digest}`)]) {
      await bench.buildah('rmi', '--all', '--force');
      await bench.buildah('pull', ...trust, reference);
      const container = await bench.buildah('from', '--pull-never', reference);
      t.true(await sameContent(await bench.buildah('mount', container), origin), reference);
    }
  },
);

testWith(['buildah', 'busybox'], 'buildah refuses a CA that it was not given', async (t) => {
  const bench = await workbench(t);
  const registry = await startHoldfast(t);
  const name = `${registry.host}/built/app:v1`;
  await buildahImage(bench, await rootFilesystem(bench), name);

  await bench.refuses(bench.buildah('push', name), /x509: certificate signed by/);
});

testWith(
  ['buildah', 'skopeo', 'busybox'],
  'buildah pushes an index for two architectures, and each is pulled from it',
  async (t) => {
    const bench = await workbench(t);
    const registry = await startHoldfast(t);
    const trust = ['--cert-dir', registry.certDir];
    const index = `${registry.host}/built/index:v1`;
    const origins = new Map<string, Awaited<ReturnType<typeof rootFilesystem>>>();
    await bench.buildah('manifest', 'create', 'localhost/index:v1');
    for (const architecture of ['amd64', 'arm64']) {
      const origin = await rootFilesystem(bench, architecture);
      origins.set(architecture, origin);
      const image = `localhost/${architecture}:v1`;
      await buildahImage(bench, origin, image, {architecture});
      await bench.buildah('manifest', 'add', 'localhost/index:v1', image);
    }

    const to = `docker://${index}`;
    await bench.buildah('manifest', 'push', '--all', ...trust, 'localhost/index:v1', to);

    const raw = await bench.manifest(to, ...trust);
    t.like(JSON.parse(raw), {
      manifests: [{platform: {architecture: 'amd64'}}, {platform: {architecture: 'arm64'}}],
    });
    await bench.buildah('rmi', '--all', '--force');
    for (const [architecture, origin] of origins) {
      const name = `${registry.host}/built/index@${digestOf(raw)}`;
      const from = ['from', '--pull-always', '--arch', architecture, ...trust, name];
      const container = await bench.buildah(...from);
      t.true(await sameContent(await bench.buildah('mount', container), origin), architecture);
    }
  },
);
