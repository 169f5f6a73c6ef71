/** `holdfast serve`: starts the registry, tells where it is, and stops it when asked. */
import {type Command, Option} from 'commander';
import {ConfigError} from '../config/fault.ts';
import type {Part} from '../config/part.ts';
import type {createHoldfast} from '../app.ts';
import type {ClusterNode} from '../node.ts';
import type {Config} from '../config/schema.ts';
import {takeServiceManager} from '../config/service-manager.ts';
import {version} from '../config/version.ts';
import {PassedSockets} from '../host/passed-sockets.ts';
import {nameProcess} from '../host/process-name.ts';
import {createLog} from '../observability/log.ts';
import {LostLines} from '../observability/lost-lines.ts';
import {standardOutput} from '../observability/standard-output.ts';
import {soundFor} from './inspection.ts';
import {reportTo} from './report-to-manager.ts';
import {startFailure} from './start-failure.ts';
import {stopOnSignal} from './stop-on-signal.ts';
import {collect} from './verb.ts';
import {standbyLines, welcome} from './welcome.ts';

const examples = `
Examples:
  holdfast serve                                        https://localhost:5000, everything in ./data
  holdfast serve --data-dir /srv/holdfast --listen 0.0.0.0:443
  holdfast serve --listen 127.0.0.1:5000 --listen '[::1]:5001' --tls off
  holdfast serve --only token                           the token realm, on the addresses of token.listen
  holdfast serve --read-only                            pulls only, while you copy the directory
`;

type Options = Parameters<typeof createHoldfast>[1] & {readonly sockets: PassedSockets};

/** Each part has to know where the other one is. Throws a ConfigError. */
function requireRealmAddress(only: Part | undefined, {auth, token}: Config): void {
  if (only === undefined) return;
  if (auth.mode === 'none') {
    const message = `is none: there are no tokens, and serve --only ${only} has nothing to share`;
    throw new ConfigError([{path: 'auth.mode', message}]);
  }
  if (token.listen.length > 0 && token.listen.every(({port}) => port > 0)) return;
  const message = `must name addresses with a port: serve --only ${only} needs to know where the token realm is`;
  throw new ConfigError([{path: 'token.listen', message}]);
}

/** Alone, or one of several nodes. Throws a ConfigError. */
async function create(config: Config, options: Options): Promise<ClusterNode> {
  if (config.cluster.mode === 'single') {
    const app = await import('../app.ts');
    return {...app.createHoldfast(config, options), urls: []};
  }
  const {only, sockets} = options;
  if (only !== undefined) {
    const message = `is ${config.cluster.mode}: serve --only ${only} is for cluster.mode single`;
    throw new ConfigError([{path: 'cluster.mode', message}]);
  }
  if (sockets.left.length > 0) {
    const message = `is ${config.cluster.mode}: sockets of the service manager are for cluster.mode single, as this node opens and closes its addresses itself`;
    throw new ConfigError([{path: 'cluster.mode', message}]);
  }
  const {createNode} = await import('../node.ts');
  return createNode(config, options);
}

async function serve(command: Command): Promise<void> {
  nameProcess('holdfast');
  const loaded = await soundFor(command);
  const {config, warnings, ...files} = loaded;
  const {only} = command.opts<{only?: Part}>();
  requireRealmAddress(only, config);
  const lostLines = new LostLines();
  const output = standardOutput(lostLines);
  const log = createLog(config.log, {output});
  for (const {message, ...place} of warnings) log.warn(place, message);
  const underNpm = process.env['npm_lifecycle_event'] === 'start';
  // The name that bin/holdfast.js gives it when it runs under an older Node.
  const hasRelay = process.argv0 === 'holdfast-relayed';
  const isRelayed = underNpm || hasRelay;
  const {pid, ppid: parent} = process;
  const manager = takeServiceManager(process.env, {pid, parent, isRelayed: hasRelay});
  const reports = reportTo(manager, log);
  const sockets = new PassedSockets(manager.descriptors);
  const holdfast = await create(config, {log, output, lostLines, only, loaded, sockets});
  // Otherwise it ends the process, as whoever closes the terminal expects.
  if (config.log.access.file !== undefined) {
    process.on('SIGHUP', () => {
      holdfast.reopenLogs();
    });
  }
  const starting = holdfast.start();
  const {drainTimeout} = config.http;
  const underWay = (): number => holdfast.underWay();
  const stop = async (): Promise<void> => {
    // What is half started can't be stopped; a second signal ends a start that hangs.
    await Promise.allSettled([starting]);
    await Promise.all([reports.stopping(underWay()), holdfast.stop()]);
  };
  const stopped = stopOnSignal(stop, log, {isRelayed, underWay, drainTimeout});
  const started = await starting.catch((error: unknown) => {
    throw startFailure(error, {underNpm, config, words: process.argv.slice(2)});
  });
  const file = files.file ?? files.distribution?.file;
  if (started) {
    process.stderr.write(welcome({version: version(), file, ...started}, config, {underNpm}));
    await reports.ready(started.addresses);
  } else {
    process.stderr.write(standbyLines(version(), config, holdfast.urls));
    await reports.ready(holdfast.urls.map((url) => ({url})));
  }
  await stopped;
}

export function serveCommand(command: Command): void {
  command
    .option('--listen <host:port>', 'address to listen on; may be repeated', collect)
    .option('--tls <mode>', 'self-signed, files or off')
    .option('--auth <mode>', 'accounts, or none: everybody may do everything')
    .addOption(
      new Option('--only <part>', 'run one part alone: another process has the rest').choices([
        'token',
        'registry',
      ]),
    )
    .option('--read-only', 'answer writes with 405')
    .addHelpText('after', examples)
    .action(async (_options: unknown, command: Command) => {
      await serve(command);
    });
}
