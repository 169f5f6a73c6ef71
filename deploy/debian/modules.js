// Which packages of npm the program needs where it runs, and which ones are in it.
import {existsSync, globSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/** Left as packages by bin/bundle.js, and what the program asks for when it needs it. */
const external = ['better-sqlite3', '@node-rs/argon2', 'koa', '@koa/router', 'yaml'];

const lockOf = (root) => JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;

/** Where a package finds another: beside itself, or beside one that it lies in. */
function locate(packages, from, name) {
  for (let place = from; ; place = place.replace(/(^|\/)node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
    const path = `${place}${place === '' ? '' : '/'}node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (place === '') return undefined;
  }
}

/** These and all that they need, as far as it is installed: machine code of other systems is not. */
function closure(root, names) {
  const packages = lockOf(root);
  const found = new Map();
  const visit = (from, name) => {
    const path = locate(packages, from, name);
    if (path === undefined || found.has(path) || !existsSync(join(root, path))) return;
    const {version, license = 'unknown', dependencies, optionalDependencies} = packages[path];
    found.set(path, {path, name, version, license});
    for (const each of Object.keys({...dependencies, ...optionalDependencies})) visit(path, each);
  };
  for (const name of names) visit('', name);
  return [...found.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** They lie beside the program: all but what only a compiler or another C library needs. */
export const neededPackages = (root) =>
  closure(root, external).filter(({name}) => name !== 'node-addon-api' && !name.endsWith('-musl'));

const prebuilt = `/prebuilds/linux-${process.arch}.node`;
/** SQLite's own sources are in it, and code for every other system. */
const ofSqlite = /\/better-sqlite3\/(?:deps|src)$/;

/** Of a file or a directory of a package: whether it is for who runs it. */
export function isNeeded(path) {
  if (path.includes('/prebuilds/')) return path.endsWith(prebuilt);
  // What one package has below itself comes by its own name; commands of packages are nobody's here.
  return (
    !/\.(?:d\.[cm]?ts|map|md|gyp|flow)$/.test(path) &&
    !/\/(?:node_modules|bin\.mjs|\.npmignore)$/.test(path) &&
    !ofSqlite.test(path)
  );
}

/** Those of which something is in the package, the pages included, each with the text of its license. */
export function shippedPackages(root) {
  const {dependencies} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const pages = globSync('web/src/**/*.{ts,tsx}', {cwd: root}).flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/from '((?:@[\w-]+\/)?[a-z][\w-]*)/g)].map(
      ([, name]) => name,
    ),
  );
  return closure(root, [...Object.keys(dependencies), ...new Set(pages)])
    .filter(({name}) => !name.startsWith('@types/'))
    .map((each) => ({...each, text: licenseText(join(root, each.path))}));
}

function licenseText(directory) {
  const name = readdirSync(directory).find((each) => /^licen[cs]e/i.test(each));
  return name === undefined ? undefined : readFileSync(join(directory, name), 'utf8');
}
