/** What is no plain image, as its page shows it: pushed by the clients that make such things. */
import {mkdir, writeFile} from 'node:fs/promises';
import {picture} from '../support/browser.ts';
import {
  contentOf,
  imageOf,
  indexOf,
  mediaTypes,
  pushBlob,
  putManifest,
} from '../support/content.ts';
import {testWith} from '../support/test-with.ts';
import {password, startBrowseBench} from './browse-bench.ts';

testWith(
  ['chromium', 'skopeo', 'helm'],
  'a chart that helm pushed says how helm pulls it, and what its Chart.yaml says',
  async (t) => {
    const {bench, open, faults, holdfast} = await startBrowseBench(t);
    const chart = bench.path('saw');
    await mkdir(chart);
    const yaml =
      'apiVersion: v2\nname: saw\nversion: 1.2.3\nappVersion: "9.9"\ndescription: <b>Cuts</b>\n' +
      'keywords: [wood]\nmaintainers: [{name: anna, email: anna@example.org}]\n';
    await writeFile(`${chart}/Chart.yaml`, yaml);
    const helm = bench.client('helm');
    await helm('package', chart, '--destination', bench.path('.'));
    const trust = ['--ca-file', holdfast.caFile];
    const login = ['registry', 'login', holdfast.host, '--username', 'anna', '--password-stdin'];
    await helm.given(password)(...login, ...trust);
    await helm('push', bench.path('saw-1.2.3.tgz'), `oci://${holdfast.host}/tools`, ...trust);
    const page = await open('anna');
    await page.goto(`${holdfast.url}/repositories/tools~saw/tags/1.2.3`);
    await page.getByText(`helm pull oci://${holdfast.host}/tools/saw --version 1.2.3`).waitFor();
    await page.getByRole('tab', {name: 'Configuration'}).click();
    const about = page.getByRole('region', {name: 'The chart'});
    for (const text of ['9.9', '<b>Cuts</b>', 'wood', 'anna <anna@example.org>']) {
      await about.getByText(text, {exact: true}).waitFor();
    }
    await picture(page, 'chart');
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium', 'skopeo'],
  'attestations of BuildKit stand below the platform that they are of, and no platform is unknown',
  async (t) => {
    const {api, open, faults, holdfast} = await startBrowseBench(t);
    const part = async (architecture: string) => {
      const layer = contentOf(`layer of ${architecture}`);
      const config = contentOf(
        JSON.stringify({
          os: 'linux',
          architecture,
          history: [{created_by: `COPY ${architecture}`}],
        }),
        mediaTypes.config,
      );
      for (const blob of [layer, config]) await pushBlob(api, 'tools/saw', blob);
      const image = imageOf([layer], {config: config.descriptor});
      await putManifest(api, 'tools/saw', image.digest, image).expect(201);
      return {...image.descriptor, platform: {os: 'linux', architecture}};
    };
    const images = [await part('amd64'), await part('arm64')];
    const attestations = await Promise.all(
      images.map(async ({digest}) => {
        const statement = contentOf(`{"of": "${digest}"}`, 'application/vnd.in-toto+json');
        const config = contentOf('{"os":"unknown","architecture":"unknown"}', mediaTypes.config);
        for (const blob of [statement, config]) await pushBlob(api, 'tools/saw', blob);
        const annotations = {'in-toto.io/predicate-type': `https://spdx.dev/Document`};
        const layers = [{...statement.descriptor, annotations}];
        const manifest = imageOf([], {config: config.descriptor, layers});
        await putManifest(api, 'tools/saw', manifest.digest, manifest).expect(201);
        return {
          ...manifest.descriptor,
          platform: {os: 'unknown', architecture: 'unknown'},
          annotations: {
            'vnd.docker.reference.type': 'attestation-manifest',
            'vnd.docker.reference.digest': digest,
          },
        };
      }),
    );
    const index = indexOf([], {manifests: [...images, ...attestations]});
    await putManifest(api, 'tools/saw', 'v1', index).expect(201);
    const page = await open('anna');
    await page.goto(`${holdfast.url}/repositories/tools~saw/tags/v1`);
    const rows = page.getByRole('table', {name: 'Platforms'}).getByRole('row');
    await rows.nth(1).waitFor();
    t.deepEqual(
      (await rows.locator('td:first-child').allTextContents()).map((text) => text.trim()),
      ['linux/amd64', 'Attestation of linux/amd64', 'linux/arm64', 'Attestation of linux/arm64'],
    );
    t.is(await page.getByText('unknown/unknown').count(), 0);
    await picture(page, 'attestations');
    await page.getByRole('tab', {name: 'Layers'}).click();
    await page.getByText('COPY amd64').waitFor();
    await page.getByRole('combobox', {name: 'Platform'}).click();
    t.is(await page.getByRole('option').count(), 2);
    await page.getByRole('option', {name: 'linux/arm64'}).click();
    await page.getByText('COPY arm64').waitFor();
    await page.getByRole('tab', {name: 'Platforms'}).click();
    await page.getByRole('link', {name: 'Attestation of linux/arm64'}).click();
    await page.getByText('https://spdx.dev/Document').waitFor();

    await page.getByRole('button', {name: 'Delete', exact: true}).click();
    const dialog = page.getByRole('dialog', {name: 'Delete the manifest'});
    await dialog.getByText(index.digest.slice(7, 19)).waitFor();
    await picture(page, 'delete-manifest');
    await dialog.getByRole('button', {name: 'Delete', exact: true}).click();
    await page.waitForURL(`${holdfast.url}/repositories/tools~saw`);
    await page.getByText('is deleted.').waitFor();
    await api.get(`/v2/tools/saw/manifests/${attestations[1]?.digest ?? ''}`).expect(404);
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium', 'skopeo', 'oras'],
  'what oras attached hangs below the image as a tree, each of which leads to its own page',
  async (t) => {
    const {bench, push, open, faults, holdfast} = await startBrowseBench(t);
    await push('tools/saw:v1', {layers: [{'etc/motd': 'one'}]});
    const oras = bench.client('oras');
    const trust = ['--ca-file', holdfast.caFile];
    await oras.given(password)(
      'login',
      ...trust,
      holdfast.host,
      '--username',
      'anna',
      '--password-stdin',
    );
    await writeFile(bench.path('list.json'), '{"SPDXID": "SPDXRef-DOCUMENT"}');
    const saw = `${holdfast.host}/tools/saw`;
    /** The digest of what was attached. */
    const attach = async (to: string, type: string): Promise<string> => {
      const words = [...trust, '--artifact-type', type, '--format', 'json'];
      const told = await oras('attach', ...words, to, 'list.json:application/json');
      return (JSON.parse(told) as {digest: string}).digest;
    };
    const sbom = await attach(`${saw}:v1`, 'application/spdx+json');
    const signature = await attach(`${saw}@${sbom}`, 'application/vnd.cncf.notary.signature');
    const page = await open('anna');
    await page.goto(`${holdfast.url}/repositories/tools~saw/tags/v1`);
    await page.getByRole('tab', {name: 'Signatures and more'}).click();
    const outer = page.getByRole('listitem').filter({hasText: 'application/spdx+json'});
    await outer.getByText('SBOM', {exact: true}).waitFor();
    const inner = outer.getByRole('listitem');
    await inner.getByText('application/vnd.cncf.notary.signature').waitFor();
    t.is(await inner.getByText('Signature', {exact: true}).count(), 1);
    await picture(page, 'referrers');
    await inner.getByRole('link', {name: signature.slice(7, 19)}).click();
    await page.waitForURL(`${holdfast.url}/repositories/tools~saw/manifests/${signature}`);
    await page.getByText('list.json').first().waitFor();
    t.deepEqual(faults, []);
  },
);
