// The last steps of a package: sums, sizes, modes and times, and the file itself.
import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {chmodSync, lstatSync, lutimesSync, mkdirSync, readdirSync} from 'node:fs';
import {readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

/** Libraries of the system that Node's own builds, and the machine code of packages, are linked with. */
const libraries = 'libc6 (>= 2.28), libgcc-s1 (>= 3.4), libstdc++6 (>= 8)';

export function finish(stage, {control, epoch, file, compression}) {
  const found = readdirSync(stage, {recursive: true}).sort();
  const files = found.filter((path) => lstatSync(join(stage, path)).isFile());
  const payload = files.filter((path) => !path.startsWith('DEBIAN/'));
  const sums = payload.map((path) => `${md5(join(stage, path))}  ${path}\n`);
  writeFileSync(join(stage, 'DEBIAN/md5sums'), sums.join(''));
  const bytes = payload.reduce((sum, path) => sum + lstatSync(join(stage, path)).size, 0);
  writeFileSync(join(stage, 'DEBIAN/control'), controlOf(control, Math.ceil(bytes / 1024)));
  // Whatever the umask of whoever builds it is.
  for (const path of ['', 'DEBIAN', 'DEBIAN/md5sums', 'DEBIAN/control', ...found]) {
    const place = join(stage, path);
    const {mode} = lstatSync(place);
    const isOpen = lstatSync(place).isDirectory() || (mode & 0o100) !== 0;
    chmodSync(place, isOpen && !path.endsWith('.node') ? 0o755 : 0o644);
  }
  for (const path of [...found, 'DEBIAN/md5sums', 'DEBIAN/control', 'DEBIAN', '']) {
    lutimesSync(join(stage, path), epoch, epoch);
  }
  mkdirSync(dirname(file), {recursive: true});
  const words = ['--build', '--root-owner-group', `-Z${compression}`, stage, file];
  const env = {...process.env, SOURCE_DATE_EPOCH: String(epoch)};
  execFileSync('dpkg-deb', words, {env, stdio: ['ignore', 'ignore', 'inherit']});
}

const md5 = (path) => createHash('md5').update(readFileSync(path)).digest('hex');

const controlOf = ({version, architecture, maintainer, description}, size) =>
  [
    'Package: holdfast',
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${maintainer}`,
    `Installed-Size: ${size}`,
    `Depends: adduser, ${libraries}`,
    // systemd-notify, without which no unit of Type=notify gets ready.
    'Recommends: systemd, ca-certificates',
    'Suggests: logrotate, pacemaker, resource-agents',
    'Section: net',
    'Priority: optional',
    `Description: ${description.replace(/^An? /, '')}`,
    ' One process is the registry of container images, the token realm, the pages',
    ' for a browser and the housekeeping, on a directory that may be that of a',
    ' Docker Distribution. Node is inside: no other one is needed or used.',
    '',
  ].join('\n');
