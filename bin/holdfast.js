#!/usr/bin/env node
// Starts the built command line, after what must be settled before any of it is loaded.
import {existsSync, realpathSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {setFlagsFromString} from 'node:v8';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const entry = new URL('../dist/program/main.js', import.meta.url);
const pathOf = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const prepare = pathOf('bin/prepare.js');
/** The Node that npm installs with Holdfast. */
const ownNode = pathOf('node_modules/.bin/node');

function refuse(message) {
  console.error(`holdfast: ${message}`);
  process.exitCode = 1;
}

/** How many sockets systemd has opened for this process: they follow on its three first descriptors. */
const passed = Number(process.env.LISTEN_FDS ?? 0) || 0;

/** The same call with the Node of our own; it ends as that one does. */
async function startWithOwnNode() {
  const {spawn} = await import('node:child_process');
  const [, ...parameters] = process.argv;
  // By this name it knows that signals may come twice: from a terminal or systemd, and from here.
  const sockets = Array.from({length: passed}, (_, index) => 3 + index);
  const stdio = ['inherit', 'inherit', 'inherit', ...sockets];
  const options = {argv0: 'holdfast-relayed', stdio};
  const child = spawn(ownNode, [...process.execArgv, ...parameters], options);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', ({code}) => refuse(`${ownNode} can't be started (${code})`));
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code;
    } else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

const growing = '--heap-growing-percent=50';

/** Without limits 128 MiB of young objects, of which V8 hears only at its start, and three times what is needed of old ones gather: a server begins anew with them. */
function limitHeap() {
  const [node, ...parameters] = process.argv;
  const given = `${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`;
  // Windows has no such call.
  const isPossible = process.platform !== 'win32';
  if (!isPossible || parameters[1] !== 'serve') return;
  // Sockets would not outlive a new beginning.
  if (passed > 0 || given.includes('semi-space')) {
    if (!given.includes('heap-growing')) setFlagsFromString(growing);
    return;
  }
  const limits = ['--max-semi-space-size=8', growing];
  process.execve(node, [process.argv0, ...limits, ...process.execArgv, ...parameters], process.env);
}

if (major < 22 || (major === 22 && minor < 20)) {
  if (existsSync(ownNode) && realpathSync(ownNode) !== realpathSync(process.execPath)) {
    await startWithOwnNode();
  } else {
    // The package of npm has neither a Node of its own nor what installs one.
    const remedy = existsSync(prepare)
      ? `. This installs one beside Holdfast, for it alone;\n  then do the same again:\n  node ${prepare}`
      : ': put one first in the PATH, then do the same again';
    refuse(`this is Node ${process.versions.node}, and 22.20 or newer is needed${remedy}`);
  }
} else if (!existsSync(entry)) {
  refuse(`it is not built yet. This builds it; then do the same again:\n  node ${prepare}`);
} else {
  // libuv reads it once, at the first use of its threads: 4 would let 4 slow disks' calls stall the rest.
  process.env.UV_THREADPOOL_SIZE ??= '16';
  limitHeap();
  await import(entry.href);
}
