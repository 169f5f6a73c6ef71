// Before npm start and npm test: installs what package-lock.json names and builds dist, where either is missing or stale.
// Runs on Node 20 with nothing installed, and is done in a blink when all is in place.
import {createHash} from 'node:crypto';
import {existsSync, lstatSync, readdirSync, readFileSync, realpathSync, rmSync} from 'node:fs';
import {statSync, writeFileSync} from 'node:fs';
import {basename, delimiter, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = realpathSync(dirname(dirname(fileURLToPath(import.meta.url))));
const modules = join(root, 'node_modules');
const lockFile = join(root, 'package-lock.json');
const installStamp = join(modules, '.holdfast-installed');
const buildStamp = join(root, 'dist', '.holdfast-built');
/** All that the build reads. */
const sources = [
  'src',
  'storage-drivers',
  'web',
  'tsconfig.json',
  'bin/bundle.js',
  'package-lock.json',
];

class Failure extends Error {}

const say = (line) => void process.stderr.write(`holdfast: ${line}\n`);
const hash = (text) => createHash('sha256').update(text).digest('hex');

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

const wantedInstall = () => `${process.platform}-${process.arch} ${hash(readFileSync(lockFile))}\n`;

/** The packages that a lock file names; `undefined` where it is missing or was cut off. */
function packagesOf(path) {
  try {
    return JSON.parse(read(path) ?? '{}').packages;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether what a plain `npm install` or `npm ci` left behind is what the lock file asks for. */
function fitsLockFile() {
  const have = packagesOf(join(modules, '.package-lock.json'));
  const want = packagesOf(lockFile);
  if (have === undefined || want === undefined) return false;
  return Object.entries(want).every(([path, {version, integrity, optional}]) => {
    const found = have[path];
    if (path === '' || (optional && found === undefined)) return true;
    return found !== undefined && found.version === version && found.integrity === integrity;
  });
}

function isInstalled() {
  // The binary is what an interrupted install, or one without scripts, lacks.
  if (!existsSync(join(modules, '.bin', 'node'))) return false;
  const wanted = wantedInstall();
  if (read(installStamp) === wanted) return true;
  if (!fitsLockFile()) return false;
  writeFileSync(installStamp, wanted);
  return true;
}

/** Names, sizes and times: reading every source would cost more than the rest of the start. */
function wantedBuild() {
  const lines = [];
  const visit = (path) => {
    // The build makes it.
    if (path === 'web/src/api/generated.d.ts') return;
    const found = statSync(join(root, path), {throwIfNoEntry: false});
    if (found?.isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
    } else if (found !== undefined) {
      lines.push(`${path} ${found.size} ${found.mtimeMs}`);
    }
  };
  for (const path of sources) visit(path);
  return `${hash(lines.join('\n'))}\n`;
}

const isBuilt = () =>
  read(buildStamp) === wantedBuild() && existsSync(join(root, 'dist', 'program', 'main.js'));

/** Runs the npm that runs us, or the one in PATH; never with the Node that it is about to replace. */
async function npm(parameters) {
  const {spawnSync} = await import('node:child_process');
  const {npm_execpath: script, npm_node_execpath: node, PATH = ''} = process.env;
  const path = PATH.split(delimiter).filter(
    (entry) => !/node_modules[\\/]\.bin[\\/]?$/.test(entry),
  );
  const options = {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: {...process.env, PATH: path.join(delimiter)},
  };
  const known = script !== undefined && /^npm-cli\.[cm]?js$/.test(basename(script));
  const {status, signal, error} = known
    ? spawnSync(node ?? process.execPath, [script, ...parameters], options)
    : spawnSync('npm', parameters, {...options, shell: process.platform === 'win32'});
  if (error?.code === 'ENOENT') throw new Failure('npm was not found; it comes with Node');
  if (error) throw error;
  return status === 0 ? undefined : (signal ?? `exit code ${status}`);
}

async function install() {
  if (lstatSync(modules, {throwIfNoEntry: false})?.isSymbolicLink()) {
    throw new Failure(
      'node_modules is a link to a directory that does not fit package-lock.json, and npm ci would empty\n' +
        '  that one, whosever it is. Remove the link, or run npm ci where it leads',
    );
  }
  const started = Date.now();
  say('installing what package-lock.json names into node_modules (npm ci); this takes a while');
  rmSync(installStamp, {force: true});
  // Development dependencies hold the compiler and Node itself, whatever NODE_ENV says.
  const problem = await npm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (problem !== undefined) {
    throw new Failure(
      `npm ci failed (${problem}); the lines above say why. Once that is mended, do the same again`,
    );
  }
  if (!existsSync(join(modules, '.bin', 'node'))) {
    throw new Failure(
      'npm ci left no node_modules/.bin/node: scripts of packages are switched off\n' +
        '  (npm config get ignore-scripts). Run: npm ci --include=dev --ignore-scripts=false',
    );
  }
  writeFileSync(installStamp, wantedInstall());
  say(`installed in ${Math.round((Date.now() - started) / 1000)} s`);
}

async function build() {
  say('building dist (npm run build)');
  // Taken before the build: what changes meanwhile is built next time.
  const wanted = wantedBuild();
  rmSync(buildStamp, {force: true});
  const problem = await npm(['run', '--silent', 'build']);
  if (problem !== undefined)
    throw new Failure(`npm run build failed (${problem}); the lines above say why`);
  writeFileSync(buildStamp, wanted);
}

const isReady = () => isInstalled() && isBuilt();

/** One at a time for each tree. The system gives the lock back however its holder ends. */
async function exclusively(work) {
  const {createServer, connect} = await import('node:net');
  const {tmpdir} = await import('node:os');
  const name = `holdfast-prepare-${hash(root).slice(0, 32)}`;
  const path = process.platform === 'linux' ? `\0${name}` : join(tmpdir(), name);
  for (;;) {
    const server = createServer();
    const code = await new Promise((resolve) => {
      server.once('error', (error) => resolve(error.code)).listen(path, () => resolve(undefined));
    });
    if (code === undefined) {
      try {
        return await work();
      } finally {
        // Those who wait hang on a connection that nobody accepts: it breaks now.
        server.close();
      }
    }
    if (code !== 'EADDRINUSE') throw new Failure(`can't take the lock ${name} (${code})`);
    say('another npm start or npm test prepares this directory: waiting for it');
    const refused = await new Promise((resolve) => {
      const socket = connect(path);
      socket.once('error', (error) => resolve(error.code === 'ECONNREFUSED'));
      socket.once('close', () => resolve(false));
    });
    if (refused && !path.startsWith('\0')) rmSync(path, {force: true});
  }
}

async function prepare() {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    throw new Failure(`this is Node ${process.versions.node}; 20 or newer is needed to install`);
  }
  if (isReady()) return;
  await exclusively(async () => {
    if (!isInstalled()) await install();
    if (!isBuilt()) await build();
  });
}

try {
  await prepare();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  say(error.message);
  process.exitCode = 1;
}
