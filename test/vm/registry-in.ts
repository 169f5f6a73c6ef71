/** Holdfast in a machine: as the user of its service, with the data directory where something was mounted. */
import {setTimeout} from 'node:timers/promises';
import {realpath} from 'node:fs/promises';
import {exchange} from '../multi-node/exchange.ts';
import {entry} from '../support/serve-process.ts';
import {type Machine, serverPort} from './machine.ts';

export const dataDir = '/srv/holdfast';
/** Of the user and of its group, which need no name. */
export const owner = 997;

const log = '/run/holdfast.log';
const own = '/run/preloaded.so';
/** In milliseconds. */
const longest = 600_000;
/** How often a server is begun before it is given up. */
const most = 10;

interface Options {
  /** Over what each has. */
  readonly config?: object;
  /** A library of the host that is loaded before all others. */
  readonly preload?: string;
}

/** In the background; what it says is kept. */
export async function serve(machine: Machine, {config, preload}: Options = {}): Promise<void> {
  const all = {
    dataDir,
    http: {listen: [`0.0.0.0:${serverPort}`]},
    tls: {mode: 'off'},
    auth: {mode: 'none', openToNetwork: true},
    ui: {enabled: false},
    log: {format: 'json'},
    storage: {requireMount: true},
    ...config,
  };
  const node = await realpath(process.execPath);
  const environment = preload === undefined ? '' : `LD_PRELOAD=${own} `;
  // The user of the service may not look into a temporary directory.
  if (preload !== undefined) await machine.run(`install -m 755 ${preload} ${own}`);
  await machine.run(`cat > /run/holdfast.yaml <<'END'
${JSON.stringify(all)}
END
cd /
touch ${log}; chown ${owner} ${log}
${environment}setsid setpriv --reuid ${owner} --regid ${owner} --clear-groups ${node} ${await realpath(entry)} serve --config /run/holdfast.yaml </dev/null >>${log} 2>&1 &`);
}

/** Until it answers so; where its process ends it is begun anew, as systemd or a cluster manager does. */
export async function untilRole(
  machine: Machine,
  role: 'active' | 'standby',
  options?: Options,
): Promise<void> {
  const end = performance.now() + longest;
  for (let starts = 1; starts <= most;) {
    const answer = await exchange(machine.url, `/healthz/${role}`, {timeout: 10_000}).then(
      ({status}) => status,
      () => 0,
    );
    if (answer === 200) return;
    if (performance.now() > end) break;
    await setTimeout(500);
    if (answer !== 0 || (await isRunning(machine))) continue;
    await serve(machine, options);
    starts += 1;
  }
  throw new Error(`${machine.name} is not ${role}:\n${await logOf(machine)}`);
}

export const logOf = async (machine: Machine): Promise<string> =>
  machine.run(`tail -n 40 ${log} || true`);

const isRunning = async (machine: Machine): Promise<boolean> =>
  (await machine.run('pgrep -f "serve --config" || true')).trim() !== '';
