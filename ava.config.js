/** How `npm test` runs the tests: the files that take longest begin first, so that none of them is left alone at the end. */
import {existsSync} from 'node:fs';
import {availableParallelism} from 'node:os';
import {join, relative, sep} from 'node:path';
import {bundleAnew} from './bin/bundle.js';

// The command line that tests run is the one that is built.
await bundleAnew();

/** By what they took together with all others; the rest comes in the order of names. */
const longest = [
  'test/fuzz/fuzz.test.ts',
  'test/start/readme.test.ts',
  'test/architecture/habits.test.ts',
  'test/cli/administration.test.ts',
  'test/conformance/conformance.test.ts',
  'test/cli/database.test.ts',
  'test/faults/database-servers-away.test.ts',
  'test/auth/providers/keystone.test.ts',
  'test/http/keystone-accounts.test.ts',
  'test/clients/starlingx.test.ts',
  'test/faults/interrupted-changes.test.ts',
  'test/faults/system-calls.test.ts',
  'test/multi-node/crash.test.ts',
  'test/multi-node/paused-node.test.ts',
  'test/multi-node/removals.test.ts',
  'test/multi-node/slow-disk.test.ts',
  'test/multi-node/upgrade.test.ts',
  'test/multi-node/rolling-upgrade.test.ts',
  'test/multi-node/failover.test.ts',
  'test/multi-node/histories.test.ts',
  'test/metadata/cut-migrations.test.ts',
  'test/soak/soak.test.ts',
  'test/deploy/containers.test.ts',
  'test/deploy/compose-hosts.test.ts',
  'test/bench/run.test.ts',
  'test/http/login-timing.test.ts',
  'test/faults/kill.test.ts',
  'test/auth/providers/keystone-contract.test.ts',
  'test/clients/take-over.test.ts',
  'test/browser/browse-huge.test.ts',
  'test/browser/account.test.ts',
  'test/browser/manage.test.ts',
  'test/browser/admin.test.ts',
  'test/browser/without.test.ts',
  'test/browser/connect.test.ts',
  'test/browser/browse-barriers.test.ts',
  'test/browser/browse.test.ts',
  'test/browser/sign-in.test.ts',
  'test/browser/api-docs.test.ts',
  'test/metadata/tokens.test.ts',
  'test/cli/keystone.test.ts',
  'test/cli/first-admin.test.ts',
  'test/cli/remote.test.ts',
  'test/cli/content.test.ts',
  'test/faults/database-away.test.ts',
  'test/docs/commands.test.ts',
  'test/clients/docker-login.test.ts',
  'test/config/distribution/against-docker-registry.test.ts',
  'test/http/matrix/variants.test.ts',
  'test/http/matrix/matrix.test.ts',
  'test/http/matrix/hidden.test.ts',
  'test/http/connections.test.ts',
  'test/cli/import.test.ts',
  'test/deploy/debian.test.ts',
  'test/start/bin.test.ts',
  'test/tls/crash.test.ts',
];

for (const file of longest) {
  if (!existsSync(join(import.meta.dirname, file))) throw new Error(`there is no ${file} any more`);
}

const rank = (file) => {
  const place = longest.indexOf(
    relative(import.meta.dirname, file)
      .split(sep)
      .join('/'),
  );
  return place === -1 ? longest.length : place;
};

export default {
  extensions: {ts: 'module'},
  nodeArguments: ['--import=./test/loading.js'],
  files: ['test/**/*.test.ts'],
  timeout: '6m',
  // One process for all would have gigabytes, of which each program that a test starts gets the page tables copied first.
  workerThreads: false,
  // Many wait for a program that they have started, or for a time-out: a core has more than one of them.
  concurrency: availableParallelism() * 2,
  sortTestFiles: (one, other) => rank(one) - rank(other) || (one < other ? -1 : 1),
};
