// npm run package:deb: makes the Debian package of this machine's kind of processor, with Node and all that Holdfast needs inside.
// --output DIRECTORY (packages), --compression none|gzip|xz|zstd (gzip: xz makes a smaller one, in minutes), --version VERSION (that of package.json).
import {execFileSync} from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import {writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {gzipSync} from 'node:zlib';
import {finish} from './finish.js';
import {isNeeded, neededPackages, shippedPackages} from './modules.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const here = import.meta.dirname;
const {values: options} = parseArgs({
  options: {
    output: {type: 'string', default: join(root, 'packages')},
    compression: {type: 'string', default: 'gzip'},
    version: {type: 'string'},
  },
});

const debianNames = {x64: 'amd64', arm64: 'arm64'};
const architecture = debianNames[process.arch];
if (process.platform !== 'linux' || architecture === undefined) {
  throw new Error(`there is no package for ${process.platform} on ${process.arch}`);
}

const facts = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
// A version without a revision is one of which Debian is not the packager.
const version = options.version ?? facts.version;

/** In seconds since 1970: every file of the package has this time, so that the same sources make the same package. */
function sourceDate() {
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined) return Number(given);
  if (!existsSync(join(root, '.git'))) return Math.floor(Date.now() / 1000);
  const words = ['log', '-1', '--format=%ct'];
  return Number(execFileSync('git', words, {cwd: root, encoding: 'utf8'}).trim());
}

/** Whoever builds a package answers for it. */
const {DEBFULLNAME = 'The makers of Holdfast', DEBEMAIL = 'holdfast@localhost'} = process.env;
const maintainer = `${DEBFULLNAME} <${DEBEMAIL}>`;

const epoch = sourceDate();
const stage = mkdtempSync(join(tmpdir(), 'holdfast-deb-'));
const at = (path) => join(stage, path);

function write(path, content, mode = 0o644) {
  mkdirSync(dirname(at(path)), {recursive: true});
  writeFileSync(at(path), content, {mode});
}
const copy = (from, to, mode = 0o644) => write(to, readFileSync(join(root, from)), mode);
const read = (path) => readFileSync(join(root, path), 'utf8');
/** gzip's own head has a time and a system in it: none of this machine's. */
const zip = (text) => gzipSync(text, {level: 9});

function layProgram() {
  const home = 'usr/lib/holdfast';
  if (!existsSync(join(root, 'dist/web/index.html'))) throw new Error('npm run build comes first');
  copy('bin/holdfast.js', `${home}/bin/holdfast.js`, 0o755);
  copy('node_modules/node/bin/node', `${home}/bin/node`, 0o755);
  const {name, description, license, type} = facts;
  const shown = {name, version, description, license, type};
  write(`${home}/package.json`, `${JSON.stringify(shown, null, 2)}\n`);
  for (const part of ['dist/program', 'dist/web']) {
    cpSync(join(root, part), at(`${home}/${part}`), {recursive: true});
  }
  for (const {path} of neededPackages(root)) {
    cpSync(join(root, path), at(`${home}/${path}`), {
      recursive: true,
      filter: (source) => isNeeded(source.slice(root.length)),
    });
  }
  const wrapper = `#!/bin/sh\nexec /${home}/bin/node /${home}/bin/holdfast.js "$@"\n`;
  write('usr/bin/holdfast', wrapper, 0o755);
}

function layHost() {
  copy('deploy/debian/holdfast.yaml', 'etc/holdfast/holdfast.yaml');
  copy('deploy/logrotate/holdfast', 'etc/logrotate.d/holdfast');
  for (const unit of readdirSync(join(root, 'deploy/systemd'))) {
    const text = read(`deploy/systemd/${unit}`).replaceAll('/usr/local/bin/', '/usr/bin/');
    write(`lib/systemd/system/${unit}`, text);
  }
  copy('deploy/ocf/holdfast', 'usr/lib/ocf/resource.d/holdfast/holdfast', 0o755);
}

function layDocuments() {
  const documents = 'usr/share/doc/holdfast';
  write('usr/share/man/man8/holdfast.8.gz', zip(read('deploy/debian/holdfast.8')));
  for (const page of ['README.md', 'CHANGELOG.md'])
    write(`${documents}/${page}.gz`, zip(read(page)));
  const pages = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
  for (const page of pages) {
    copy(`docs/${page}`, `${documents}/docs/${page}`);
  }
  const examples = ['lsb/holdfast', 'lsb/README.md', 'ocf/README.md'];
  for (const each of examples) copy(`deploy/${each}`, `${documents}/examples/${each}`);
  const entry = [
    `holdfast (${version}) stable; urgency=medium`,
    '',
    '  * What is new stands in CHANGELOG.md.',
    '',
    ` -- ${maintainer}  ${new Date(epoch * 1000).toUTCString().replace('GMT', '+0000')}`,
    '',
  ];
  write(`${documents}/changelog.gz`, zip(entry.join('\n')));
  const shipped = shippedPackages(root);
  const list = shipped.map(({name, version, license}) => ` ${name} ${version}: ${license}`);
  write(
    `${documents}/copyright`,
    read('deploy/debian/copyright').replace(' @packages@', list.join('\n')),
  );
  const texts = shipped.flatMap(({name, version, text}) =>
    text === undefined ? [] : [`${'='.repeat(76)}\n${name} ${version}\n\n${text.trim()}\n`],
  );
  write(`${documents}/licenses-of-packages.gz`, zip(texts.join('\n')));
  copy('deploy/debian/lintian-overrides', 'usr/share/lintian/overrides/holdfast');
}

try {
  layProgram();
  layHost();
  layDocuments();
  for (const script of ['postinst', 'prerm', 'postrm']) {
    write(`DEBIAN/${script}`, readFileSync(join(here, script)), 0o755);
  }
  write('DEBIAN/conffiles', '/etc/holdfast/holdfast.yaml\n/etc/logrotate.d/holdfast\n');
  const control = {version, architecture, maintainer, description: facts.description};
  const file = resolve(options.output, `holdfast_${version}_${architecture}.deb`);
  finish(stage, {control, epoch, file, compression: options.compression});
  console.log(file);
} finally {
  rmSync(stage, {recursive: true, force: true});
}
