#!/usr/bin/env node
// Starts the built command line, after what must be settled before any of it is loaded.
import {existsSync} from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const entry = new URL('../dist/src/cli/main.js', import.meta.url);

function refuse(message) {
  console.error(`holdfast: ${message}`);
  process.exitCode = 1;
}

if (major < 22 || (major === 22 && minor < 20)) {
  refuse(
    `this is Node ${process.versions.node}, and 22.20 or newer is needed. npm installs one with Holdfast:\n` +
      '  npm start\n' +
      '  or: node_modules/.bin/node bin/holdfast.js',
  );
} else if (!existsSync(entry)) {
  refuse('it is not built yet. Build it once, or let npm start do it:\n  npm run build');
} else {
  // libuv reads it once, at the first use of its threads: 4 would let 4 slow disks' calls stall the rest.
  process.env.UV_THREADPOOL_SIZE ??= '16';
  await import(entry.href);
}
