// Lays beside each other what an image is made of: node deploy/container/stage.js DIRECTORY, and then docker build DIRECTORY.
import {cpSync, existsSync, mkdirSync, readFileSync, symlinkSync} from 'node:fs';
import {dirname, join, relative} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** What the bundle leaves where npm has put it; bin/bundle.js says why. `yaml` is loaded when there is a file to read. */
const packages = ['better-sqlite3', '@node-rs/argon2', 'koa', '@koa/router', 'yaml'];
/** Of better-sqlite3: the source, and the machine code of other systems. */
const others = new RegExp(
  `^node_modules/better-sqlite3/(?:deps|src|prebuilds/(?!linux(?:musl)?-${process.arch}\\.node$).+)$`,
);

/** Where npm has put a package that is asked for from `from`; it may not be there where it is for another system. */
function placeOf(name, from) {
  for (let place = from; place.startsWith(join(root, 'node_modules')); place = dirname(place)) {
    const below = join(place, 'node_modules', name);
    if (existsSync(below)) return below;
  }
  const above = join(root, 'node_modules', name);
  return existsSync(above) ? above : undefined;
}

/** The packages with all that they need. */
function closure() {
  const found = new Set();
  const visit = (name, from) => {
    const place = placeOf(name, from);
    if (place === undefined || found.has(place)) return;
    found.add(place);
    const text = readFileSync(join(place, 'package.json'), 'utf8');
    const {dependencies = {}, optionalDependencies = {}} = JSON.parse(text);
    for (const each of Object.keys({...dependencies, ...optionalDependencies})) visit(each, place);
  };
  for (const name of packages) visit(name, root);
  return [...found];
}

function stage(target) {
  const program = join(target, 'program');
  mkdirSync(program, {recursive: true});
  const copy = (path) => {
    cpSync(join(root, path), join(program, path), {
      recursive: true,
      filter: (source) => !others.test(relative(root, source)),
    });
  };
  for (const path of ['bin/holdfast.js', 'dist/program', 'dist/web', 'package.json', 'LICENSE']) {
    copy(path);
  }
  for (const place of closure()) copy(relative(root, place));
  // Its owner in the image is the user of the registry.
  mkdirSync(join(target, 'state'));
  mkdirSync(join(target, 'links'));
  symlinkSync('/opt/holdfast/bin/holdfast.js', join(target, 'links/holdfast'));
  const own = join(root, 'deploy/container');
  for (const name of ['Containerfile', 'holdfast.yaml'])
    cpSync(join(own, name), join(target, name));
  cpSync(join(own, 'healthy.js'), join(program, 'healthy.js'));
}

const [target] = process.argv.slice(2);
if (target === undefined || existsSync(target)) {
  console.error('usage: node deploy/container/stage.js DIRECTORY, which must not exist');
  process.exitCode = 2;
} else if (!existsSync(join(root, 'dist/program/main.js'))) {
  console.error('Holdfast is not built yet: npm run build');
  process.exitCode = 1;
} else {
  stage(target);
}
