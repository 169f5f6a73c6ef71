/** A Holdfast that is killed right before it changes a name in the repositories for the nth time: `node mortal-server.ts DATA_DIR N`. */
import {createHoldfast} from '../../src/app.ts';
import {configSchema} from '../../src/config/schema.ts';
import {createLog} from '../../src/observability/log.ts';
import {realSystem, type System} from '../../storage-drivers/filesystem/system.ts';

const [dataDir = '', last = ''] = process.argv.slice(2);
let count = 0;

/** What is staged elsewhere is seen by nobody. */
function step(path: string): void {
  if (!/\/repositories\/.*\/_(manifests|history|referrers)\//.test(path)) return;
  count += 1;
  if (count === Number(last)) process.kill(process.pid, 'SIGKILL');
}

const system: System = {
  ...realSystem,
  link: async (from, to) => {
    step(to);
    await realSystem.link(from, to);
  },
  rename: async (from, to) => {
    step(to);
    step(from);
    await realSystem.rename(from, to);
  },
  unlink: async (path) => {
    step(path);
    await realSystem.unlink(path);
  },
  rmdir: async (path) => {
    step(path);
    await realSystem.rmdir(path);
  },
};

const config = configSchema.parse({
  dataDir,
  tls: {mode: 'off'},
  auth: {mode: 'none'},
  http: {listen: ['127.0.0.1:0']},
});
const log = createLog({level: 'info', format: 'json'});
const {addresses} = await createHoldfast(config, {log, system}).start();
process.stdout.write(`listens on ${addresses[0]?.url ?? ''}\n`);
