import {readFile, writeFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import {startHoldfast} from '../support/holdfast.ts';
import {digestOf} from '../support/images.ts';
import type {Registry} from '../support/registry.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Client, type Workbench} from '../support/workbench.ts';

const text = 'a recipe for bread\n';

testWith(['oras'], 'an artifact that oras pushed is pulled by tag and by digest', async (t) => {
  const {bench, oras, repository} = await setUp(t);

  await pushRecipe(oras, `${repository}:v1`);
  const digest = await oras('resolve', `${repository}:v1`);
  t.is(digest, digestOf(await oras('manifest', 'fetch', `${repository}:v1`)));
  for (const reference of [`${repository}:v1`, `${repository}@${digest}`]) {
    const directory = bench.path(reference === `${repository}:v1` ? 'by-tag' : 'by-digest');
    await oras('pull', '--output', directory, reference);
    t.is(await readFile(`${directory}/recipe.txt`, 'utf8'), text);
  }
});

testWith(['oras'], 'oras refuses a CA that it was not given', async (t) => {
  const {bench, repository} = await setUp(t);
  const trustless = bench.client('oras');

  await bench.refuses(pushRecipe(trustless, `${repository}:v1`), /x509: certificate signed by/);
});

testWith(['oras'], 'oras discovers what it attached, all of it or by type', async (t) => {
  const {bench, oras, repository} = await setUp(t);
  await pushRecipe(oras, `${repository}:v1`);
  await writeFile(bench.path('list.json'), '{}');
  for (const type of ['sbom', 'signature']) {
    const attach = ['--artifact-type', `application/vnd.example.${type}`, `${repository}:v1`];
    await oras('attach', ...attach, 'list.json:application/json');
  }

  t.deepEqual(await discovered(oras, `${repository}:v1`), ['sbom', 'signature']);
  const signatures = ['--artifact-type', 'application/vnd.example.signature'];
  t.deepEqual(await discovered(oras, ...signatures, `${repository}:v1`), ['signature']);
});

testWith(['oras'], 'oras copies an artifact with everything that refers to it', async (t) => {
  const {bench, oras, registry, repository} = await setUp(t);
  await pushRecipe(oras, `${repository}:v1`);
  await writeFile(bench.path('list.json'), '{}');
  const attach = ['--artifact-type', 'application/vnd.example.sbom', `${repository}:v1`];
  await oras('attach', ...attach, 'list.json:application/json');

  const copy = `${registry.host}/oras/copy:v1`;
  const trust = ['--from-ca-file', registry.caFile, '--to-ca-file', registry.caFile];
  await bench.client('oras')('copy', '--recursive', ...trust, `${repository}:v1`, copy);

  t.is(await oras('resolve', copy), await oras('resolve', `${repository}:v1`));
  t.deepEqual(await discovered(oras, copy), ['sbom']);
});

testWith(['oras'], 'oras lists repositories and tags, and what it deleted no more', async (t) => {
  const {bench, oras, registry, repository} = await setUp(t);
  await pushRecipe(oras, `${repository}:v1`);
  await oras('tag', `${repository}:v1`, 'v2', 'v3');

  t.is(await oras('repo', 'ls', registry.host), 'oras/recipes');
  t.is(await oras('repo', 'tags', repository), 'v1\nv2\nv3');
  await oras('manifest', 'delete', '--force', `${repository}:v1`);
  await bench.refuses(oras('resolve', `${repository}:v3`), /not found/);
});

testWith(['oras'], 'oras pushes, fetches and deletes a single blob', async (t) => {
  const {bench, oras, repository} = await setUp(t);
  const blob = `${repository}@${digestOf(text)}`;

  await oras('blob', 'push', repository, 'recipe.txt');
  await oras('blob', 'fetch', '--output', 'fetched', blob);
  t.is(await readFile(bench.path('fetched'), 'utf8'), text);
  await oras('blob', 'delete', '--force', blob);

  await bench.refuses(oras('blob', 'fetch', '--output', 'again', blob), /not found/);
});

async function setUp(
  t: ExecutionContext,
): Promise<{bench: Workbench; oras: Client; registry: Registry; repository: string}> {
  const bench = await workbench(t);
  const registry = await startHoldfast(t);
  await writeFile(bench.path('recipe.txt'), text);
  const oras: Client = (...args) => bench.client('oras')(...withTrust(args, registry.caFile));
  return {bench, oras, registry, repository: `${registry.host}/oras/recipes`};
}

/** `--ca-file` comes after the verbs, which are the words in front that name nothing. */
function withTrust(args: readonly string[], caFile: string): string[] {
  const verbs = ['repo', 'manifest', 'blob'].includes(args[0] ?? '') ? 2 : 1;
  return [...args.slice(0, verbs), '--ca-file', caFile, ...args.slice(verbs)];
}

async function pushRecipe(oras: Client, reference: string): Promise<void> {
  const type = ['--artifact-type', 'application/vnd.example.recipe'];
  await oras('push', ...type, reference, 'recipe.txt:text/plain');
}

/** The last words of the types of what refers to the subject, sorted. */
async function discovered(oras: Client, ...args: string[]): Promise<string[]> {
  const found = JSON.parse(await oras('discover', '--format', 'json', ...args)) as {
    referrers: {artifactType: string}[];
  };
  return found.referrers.map(({artifactType}) => artifactType.replace(/.*\./, '')).sort();
}
