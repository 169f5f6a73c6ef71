// Lays beside each other what an image is made of: node deploy/container/stage.js DIRECTORY, and then docker build DIRECTORY.
import {cpSync, existsSync, mkdirSync, symlinkSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {isNeeded, neededPackages} from '../debian/modules.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

function stage(target) {
  const program = join(target, 'program');
  mkdirSync(program, {recursive: true});
  const copy = (path, filter = () => true) => {
    cpSync(join(root, path), join(program, path), {recursive: true, filter});
  };
  for (const path of ['bin/holdfast.js', 'dist/program', 'dist/web', 'package.json', 'LICENSE']) {
    copy(path);
  }
  for (const {path} of neededPackages(root)) copy(path, isNeeded);
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
