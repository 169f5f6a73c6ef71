/** The rules of the source tree. Each answers with a line for every violation that it finds. */
import type {SourceFile} from './source-tree.ts';

type Rule = (files: readonly SourceFile[]) => string[];

/** A file imports from its own folder and from those before it. */
const order = [
  'oci',
  'host',
  'config',
  'observability',
  'tls',
  'storage',
  'metadata',
  'auth',
  'notifications',
  'registry',
  'jobs',
  'backup',
  'http',
  'cluster',
  'cli',
];
const compositionRoot = 'src/app.ts';
/** Opens the storage for a command that only reads it. */
const source = 'src/backup-source.ts';
/** Put parts together, and are imported by nobody or by the command line: a thread has to make its own, out of the driver that the process has. */
const roots: ReadonlySet<string> = new Set([
  compositionRoot,
  source,
  'src/node.ts',
  'src/layers-worker.ts',
  'src/beat-worker.ts',
  'src/survey-worker.ts',
]);
/** What the composition root is made of. */
const itsParts: ReadonlySet<string> = new Set(['src/building.ts', 'src/open-storage.ts']);
/** The root of a process that is one of several, which puts the other one into use. */
const nodeRoot = 'src/node.ts';
const rootsOfCommands: ReadonlySet<string> = new Set([compositionRoot, nodeRoot, source]);

export const importsGoLeft: Rule = (files) =>
  among(files, 'src/').flatMap(({path, imports}) => {
    if (roots.has(path) || itsParts.has(path)) return [];
    const own = order.indexOf(folderOf(path));
    if (own === -1) return [`${path} lies in no folder of the order of imports`];
    return imports
      .filter((target) => isOurs(target) && !roots.has(target))
      .filter((target) => {
        const rank = target.startsWith('src/') ? order.indexOf(folderOf(target)) : -1;
        return rank === -1 || rank > own;
      })
      .map((target) => `${path} imports ${target}`);
  });

export const onlyTheCommandLineImportsTheRoot: Rule = (files) =>
  importsOf(files, (target) => roots.has(target) || itsParts.has(target))
    .filter(
      ({path, target}) =>
        !itsParts.has(target) || ![...rootsOfCommands, ...itsParts].includes(path),
    )
    .filter(({path, target}) => target !== compositionRoot || path !== nodeRoot)
    .filter(({path, target}) => !rootsOfCommands.has(target) || !path.startsWith('src/cli/'))
    .map(describe);

export const driversKnowOnlyTheirPort: Rule = (files) =>
  importsOf(among(files, 'storage-drivers/'), isOurs)
    .filter(({target}) => !target.startsWith('storage-drivers/'))
    .filter(({target}) => target !== 'src/storage/driver.ts')
    .map(describe);

export const koaStaysInHttp: Rule = (files) =>
  importsOf(files, (target) => isPackage(target, 'koa', '@koa/router', '@types/koa'))
    .filter(({path}) => !path.startsWith('src/http/'))
    .map(describe);

export const kyselyStaysInMetadata: Rule = (files) =>
  importsOf(files, (target) => isPackage(target, 'kysely', 'mysql2', 'pg'))
    .filter(({path}) => !path.startsWith('src/metadata/'))
    .map(describe);

const ownersOfFiles = [
  'storage-drivers/',
  'src/host/',
  'src/config/',
  'src/tls/',
  'src/metadata/database-file.ts',
  'src/auth/keys/',
  'src/backup/',
  'src/auth/providers/htpasswd-file.ts',
  'src/http/private-socket.ts',
  'src/http/administration-socket.ts',
];

export const filesHaveFewOwners: Rule = (files) =>
  importsOf(files, (target) => isPackage(target, 'fs', 'node:fs', 'fs-extra'))
    .filter(({path}) => !ownersOfFiles.some((owner) => path.startsWith(owner)))
    .map(describe);

/** What the API says of itself is all that they know. */
export const pagesKnowNothingElse: Rule = (files) =>
  importsOf(among(files, 'web/'), isOurs)
    .filter(({target}) => !target.startsWith('web/'))
    .map(describe);

const partsOfKeys =
  /docker\/registry\/v2|(^|\/)_(manifests|layers|uploads|referrers|history|holdfast)(\/|$)/;
/** Where a driver keeps its volume's record and what it stages. */
const ownFolderOfDrivers = /^\/?_holdfast(\/|$)/;

export const keysStayInStorage: Rule = (files) =>
  files
    .filter(({path}) => !path.startsWith('src/storage/'))
    .flatMap(({path, strings}) =>
      strings
        .filter((text) => partsOfKeys.test(text))
        .filter((text) => !(path.startsWith('storage-drivers/') && ownFolderOfDrivers.test(text)))
        .map((text) => `${path} says '${text}'`),
    );

export const noImportCircles: Rule = (files) => {
  const graph = new Map(files.map(({path, imports}) => [path, imports]));
  const finished = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) circles.push([...trail.slice(start), path].join(' -> '));
    if (start !== -1 || finished.has(path)) return;
    for (const target of graph.get(path) ?? []) {
      if (graph.has(target)) visit(target, [...trail, path]);
    }
    finished.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return circles;
};

/** 300 lines for a source file, 400 for a test and what supports it. */
export const filesAreShort: Rule = (files) =>
  files.flatMap(({path, lines}) => {
    const wall = path.startsWith('test/') ? 400 : 300;
    return lines > wall ? [`${path} has ${lines} lines, and ${wall} is the wall`] : [];
  });

/** Where a skipped test gets its reason, and is a failure instead where none may be skipped. */
const whereTestsAreSkipped = 'test/support/test-with.ts';

export const skippedTestsSayWhy: Rule = (files) =>
  among(files, 'test/')
    .filter(({path, members}) => path !== whereTestsAreSkipped && members.includes('skip'))
    .map(({path}) => `${path} skips tests by itself, ${whereTestsAreSkipped} says why`);

type Import = {readonly path: string; readonly target: string};

function importsOf(files: readonly SourceFile[], wanted: (target: string) => boolean): Import[] {
  return files.flatMap(({path, imports}) =>
    imports.filter(wanted).map((target) => ({path, target})),
  );
}

function describe({path, target}: Import): string {
  return `${path} imports ${target}`;
}

function among(files: readonly SourceFile[], folder: string): SourceFile[] {
  return files.filter(({path}) => path.startsWith(folder));
}

function isOurs(target: string): boolean {
  return /^(src|storage-drivers|test|conformance|bench|web|bin|\.\.)\//.test(target);
}

function isPackage(target: string, ...names: readonly string[]): boolean {
  return names.some((name) => target === name || target.startsWith(`${name}/`));
}

function folderOf(path: string): string {
  return path.split('/')[1] ?? '';
}
