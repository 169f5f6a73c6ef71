import {startHoldfast} from '../support/holdfast.ts';
import {digestOf, rootFilesystem, sameContent, umociImage} from '../support/images.ts';
import {testWith} from '../support/test-with.ts';
import {workbench} from '../support/workbench.ts';

testWith(
  ['skopeo', 'umoci', 'busybox'],
  'an image made by umoci comes back byte by byte',
  async (t) => {
    const bench = await workbench(t);
    const registry = await startHoldfast(t);
    const origin = await rootFilesystem(bench);
    await umociImage(bench, origin, 'made');
    const name = `docker://${registry.host}/umoci/busybox:v1`;

    await bench.skopeo('copy', '--dest-cert-dir', registry.certDir, 'oci:made:v1', name);
    await bench.skopeo('copy', '--src-cert-dir', registry.certDir, name, 'oci:back:v1');

    t.is(await bench.manifest('oci:back:v1'), await bench.manifest('oci:made:v1'));
    await bench.umoci('unpack', '--image', 'back:v1', 'unpacked');
    t.true(await sameContent(bench.path('unpacked/rootfs'), origin));
  },
);

testWith(['skopeo', 'umoci', 'busybox'], 'skopeo refuses a CA that it was not given', async (t) => {
  const bench = await workbench(t);
  const registry = await startHoldfast(t);
  await umociImage(bench, await rootFilesystem(bench), 'made');
  const name = `docker://${registry.host}/umoci/busybox:v1`;

  await bench.refuses(bench.skopeo('copy', 'oci:made:v1', name), /x509: certificate signed by/);
  await bench.refuses(bench.skopeo('inspect', name), /x509: certificate signed by/);
});

testWith(
  ['skopeo', 'umoci', 'busybox'],
  'skopeo inspects what was pushed and lists its tags',
  async (t) => {
    const bench = await workbench(t);
    const registry = await startHoldfast(t);
    await umociImage(bench, await rootFilesystem(bench), 'made');
    const repository = `docker://${registry.host}/team/app`;
    const trust = ['--cert-dir', registry.certDir];
    for (const tag of ['v1', 'v2', 'latest']) {
      const to = `${repository}:${tag}`;
      await bench.skopeo('copy', '--dest-cert-dir', registry.certDir, 'oci:made:v1', to);
    }

    const inspected: unknown = JSON.parse(
      await bench.skopeo('inspect', ...trust, `${repository}:v2`),
    );
    const manifest = await bench.manifest('oci:made:v1');
    t.like(inspected, {Name: `${registry.host}/team/app`, Digest: digestOf(manifest), Os: 'linux'});
    const config: unknown = JSON.parse(
      await bench.skopeo('inspect', '--config', ...trust, `${repository}:v2`),
    );
    t.like(config, {config: {Cmd: ['/bin/busybox']}});
    const listed: unknown = JSON.parse(await bench.skopeo('list-tags', ...trust, repository));
    t.deepEqual(listed, {
      Repository: `${registry.host}/team/app`,
      Tags: ['latest', 'v1', 'v2'],
    });
  },
);

testWith(
  ['skopeo', 'umoci', 'busybox'],
  'skopeo copies from one repository to another, and the digest stays',
  async (t) => {
    const bench = await workbench(t);
    const registry = await startHoldfast(t);
    await umociImage(bench, await rootFilesystem(bench), 'made');
    const from = `docker://${registry.host}/first/app:v1`;
    const to = `docker://${registry.host}/second/deeper/app:copied`;
    const trust = ['--src-cert-dir', registry.certDir, '--dest-cert-dir', registry.certDir];

    await bench.skopeo('copy', '--dest-cert-dir', registry.certDir, 'oci:made:v1', from);
    const digest = digestOf(await bench.manifest('oci:made:v1'));
    const byDigest = from.replace(/:v1$/, `@${digest}`);
    await bench.skopeo('copy', ...trust, byDigest, to);

    const raw = await bench.manifest(to, '--cert-dir', registry.certDir);
    t.is(digestOf(raw), digest);
  },
);

testWith(['skopeo', 'umoci', 'busybox'], 'what skopeo deleted is gone', async (t) => {
  const bench = await workbench(t);
  const registry = await startHoldfast(t);
  await umociImage(bench, await rootFilesystem(bench), 'made');
  const name = `docker://${registry.host}/umoci/busybox:v1`;
  const trust = ['--cert-dir', registry.certDir];
  await bench.skopeo('copy', '--dest-cert-dir', registry.certDir, 'oci:made:v1', name);

  await bench.skopeo('delete', ...trust, name);

  await bench.refuses(bench.skopeo('inspect', ...trust, name), /manifest unknown/);
});

for (const [format, configType] of [
  ['oci', 'application/vnd.oci.image.config.v1+json'],
  ['v2s2', 'application/vnd.docker.container.image.v1+json'],
] as const) {
  testWith(
    ['skopeo', 'umoci', 'busybox'],
    `skopeo pushes the format ${format} and gets it back`,
    async (t) => {
      const bench = await workbench(t);
      const registry = await startHoldfast(t);
      const origin = await rootFilesystem(bench);
      await umociImage(bench, origin, 'made');
      const name = `docker://${registry.host}/format/${format}:v1`;

      const trust = ['--dest-cert-dir', registry.certDir];
      await bench.skopeo('copy', '--format', format, ...trust, 'oci:made:v1', name);

      const raw = await bench.manifest(name, '--cert-dir', registry.certDir);
      t.like(JSON.parse(raw), {schemaVersion: 2, config: {mediaType: configType}});
      await bench.skopeo('copy', '--src-cert-dir', registry.certDir, name, 'oci:back:v1');
      await bench.umoci('unpack', '--image', 'back:v1', 'unpacked');
      t.true(await sameContent(bench.path('unpacked/rootfs'), origin));
    },
  );
}

testWith(
  ['skopeo', 'umoci', 'busybox'],
  'skopeo pushes layers compressed with zstd and gets them back',
  async (t) => {
    const bench = await workbench(t);
    const registry = await startHoldfast(t);
    const origin = await rootFilesystem(bench);
    await umociImage(bench, origin, 'made');
    const name = `docker://${registry.host}/format/zstd:v1`;

    const zstd = ['--dest-compress', '--dest-compress-format', 'zstd'];
    await bench.skopeo('copy', 'oci:made:v1', 'dir:unpacked-layers', '--dest-decompress');
    const to = ['--dest-cert-dir', registry.certDir, 'dir:unpacked-layers', name];
    await bench.skopeo('copy', ...zstd, '--format', 'oci', ...to);

    const raw = await bench.manifest(name, '--cert-dir', registry.certDir);
    t.regex(raw, /application\/vnd\.oci\.image\.layer\.v1\.tar\+zstd/);
    const from = ['--src-cert-dir', registry.certDir, name];
    await bench.skopeo('copy', '--dest-decompress', ...from, 'dir:back');
    t.is(
      await bench.skopeo('inspect', '--config', 'dir:back'),
      await bench.skopeo('inspect', '--config', 'oci:made:v1'),
    );
  },
);
