// Bundles the program into dist/program: a command that loads a few files begins in half of the time that it takes to find a thousand.
import {readdirSync, statSync} from 'node:fs';
import {basename, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {rolldown} from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const output = join(root, 'dist/program');
const sources = ['src', 'storage-drivers', 'package-lock.json', 'bin/bundle.js'];
/** The command line, and the threads that it starts. All lie beside each other, by these names. */
const entries = [
  'src/cli/main.ts',
  'src/beat-worker.ts',
  'src/layers-worker.ts',
  'src/survey-worker.ts',
  'src/auth/bcrypt-worker.ts',
  'src/metadata/sqlite-worker.ts',
  'src/storage/digest-worker.ts',
];
/**
 * Machine code stays where npm has put it; pg looks for its own in vain. Koa asks for `url.parse`, of which Node warns everybody but packages: it
 * has to be one.
 */
const external = ['better-sqlite3', /^@node-rs\//, 'pg-native', 'koa', '@koa/router'];

async function bundle() {
  const bundled = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((path) => [basename(path, '.ts'), join(root, path)])),
    platform: 'node',
    external,
    // A package of a package asks for a name of its own at run time.
    checks: {eval: false},
    onLog(level, {message}) {
      throw new Error(`${level}: ${message}`);
    },
  });
  await bundled.write({dir: output, chunkFileNames: '[name]-[hash].js'});
  await bundled.close();
}

/** In milliseconds: when anything there was changed last. */
function changedAt(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const below = readdirSync(path).map((name) => changedAt(join(path, name)));
  return Math.max(found.mtimeMs, ...below);
}

/** Where anything has changed since the last time. */
export async function bundleAnew() {
  const made = statSync(join(output, 'main.js'), {throwIfNoEntry: false})?.mtimeMs ?? 0;
  if (sources.some((path) => changedAt(join(root, path)) > made)) await bundle();
}

if (import.meta.main) await bundle();
