// Builds the web interface into dist/web: has the program describe its API, makes types of that, and has Vite bundle
// the pages. `types` stops before the bundle.
import {createReadStream, createWriteStream} from 'node:fs';
import {mkdtemp, readdir, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {extname, join} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {fileURLToPath} from 'node:url';
import {constants, createBrotliCompress, createGzip} from 'node:zlib';
import openapiTypescript, {astToString} from 'openapi-typescript';

const pathOf = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const types = pathOf('src/api/generated.d.ts');
const output = pathOf('../dist/web');
/** In bytes: what fits into a packet gains nothing. */
const worthPacking = 1024;
const packed = new Set(['.js', '.css', '.svg', '.json', '.webmanifest']);

/** OpenAPI, from a registry of its own that is empty and ends with this. */
async function describeApi() {
  const {createHoldfast} = await import('../src/app.ts');
  const {configSchema} = await import('../src/config/schema.ts');
  const {createLog} = await import('../src/observability/log.ts');
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-build-'));
  const config = configSchema.parse({
    dataDir,
    tls: {mode: 'off'},
    http: {listen: ['127.0.0.1:0']},
    ui: {enabled: false},
  });
  const holdfast = createHoldfast(config, {log: createLog({level: 'error', format: 'json'})});
  try {
    const {addresses} = await holdfast.start();
    const answer = await fetch(new URL('/api/v1/openapi.json', addresses[0].url));
    return await answer.json();
  } finally {
    await holdfast.stop();
    await rm(dataDir, {recursive: true});
  }
}

async function makeTypes() {
  const tree = await openapiTypescript(await describeApi(), {alphabetize: true});
  await writeFile(types, astToString(tree));
}

/** What a browser loads once is packed once, as well as can be. */
async function pack() {
  const names = await readdir(output, {recursive: true});
  await Promise.all(
    names
      .filter((name) => packed.has(extname(name)))
      .map(async (name) => {
        const path = join(output, name);
        const {size} = await stat(path);
        if (size < worthPacking) return;
        const brotli = createBrotliCompress({
          params: {[constants.BROTLI_PARAM_SIZE_HINT]: size, [constants.BROTLI_PARAM_QUALITY]: 10},
        });
        await pipeline(createReadStream(path), brotli, createWriteStream(`${path}.br`));
        await pipeline(
          createReadStream(path),
          createGzip({level: 9}),
          createWriteStream(`${path}.gz`),
        );
      }),
  );
}

await makeTypes();
if (process.argv[2] !== 'types') {
  const {build} = await import('vite');
  await build({configFile: pathOf('vite.config.js'), logLevel: 'warn'});
  await pack();
}
