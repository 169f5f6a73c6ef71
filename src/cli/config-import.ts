/** `holdfast config import`: another program's configuration as a holdfast.yaml. */
import type {Command} from 'commander';
import type {Environment} from '../config/environment.ts';
import {readDistribution} from '../config/distribution/read.ts';
import {ConfigError, type Fault} from '../config/fault.ts';
import {readText, writeSecret} from '../config/file.ts';
import {type ImportedConfig, importedText, sentenceOf} from '../config/imported-text.ts';
import {examine} from '../config/load.ts';
import {readPortusConfig} from '../config/portus/read.ts';
import {configSchema} from '../config/schema.ts';
import {quoted} from '../config/tree-check.ts';
import {Failure} from './failure.ts';
import {describeFaults} from './faults.ts';
import {collect} from './verb.ts';

const examples = `
Of Docker Distribution's configuration the REGISTRY_* variables count, too, and those of StarlingX's token server; of Portus'
the PORTUS_* ones. Each value has the place beside it that says it; what has no counterpart is told, and stands in the file.

Examples:
  holdfast config import /etc/docker/registry/config.yml
  holdfast config import /etc/docker-distribution/registry/config.yml --variables /etc/docker-distribution/registry/token_server.conf --output holdfast.yaml
  holdfast config import --portus /srv/Portus/config/config.yml --output holdfast.yaml
  holdfast config import --portus --variables portus.env --output holdfast.yaml

Secrets are written with --output alone, into a file that nobody else may read.
`;

/** Of docs/installing.md. */
const usualDataDir = '/var/lib/holdfast';

interface ImportOptions {
  readonly dataDir?: string;
  readonly portus?: true;
  readonly variables?: readonly string[];
  readonly output?: string;
  readonly force?: true;
}

function importConfig(file: string | undefined, options: ImportOptions): void {
  const {output, variables = [], force = false} = options;
  const env = {...process.env, ...Object.assign({}, ...variables.map(readEnvFile))} as Environment;
  const read = options.portus === true ? fromPortus(file, env) : fromDistribution(file, env);
  const {faults: impossible, hints, losses} = read;
  const imported = {...read, settings: [placeFor(options), ...read.settings]};
  const text = importedText(imported, {withSecrets: output !== undefined});
  if (output === undefined) process.stdout.write(text);
  else write(output, text, force);
  tell('to be settled by you', [...impossible, ...hints]);
  tell('without a counterpart, or with another one', losses);
  if (impossible.length > 0) process.exitCode = 2;
  if (output === undefined) return;
  const {faults} = examine(configSchema, {file: output, env: {}, flags: {}});
  if (faults.length > 0) {
    process.exitCode = 2;
    process.stderr.write(describeFaults(faults));
  } else console.log(`wrote ${output}; next: holdfast --config ${quoted(output)} config check`);
}

function tell(heading: string, faults: readonly Fault[]): void {
  if (faults.length === 0) return;
  const lines = faults.map((fault) => `  ${sentenceOf(fault)}\n`).join('');
  process.stderr.write(`holdfast: ${heading}:\n${lines}`);
}

/** The other programs have none; without one it would be ./data of wherever a command is typed. */
const placeFor = ({dataDir}: ImportOptions): ImportedConfig['settings'][number] => ({
  setting: 'dataDir',
  value: dataDir ?? usualDataDir,
  origin:
    dataDir === undefined
      ? {
          kind: 'default',
          detail: 'for accounts, keys and certificates: --data-dir sets another one',
        }
      : {kind: 'flag', detail: '--data-dir'},
});

function write(output: string, text: string, replace: boolean): void {
  const failure = writeSecret(output, text, {replace});
  if (failure === 'exists') throw new Failure(`${output} exists; --force writes over it`);
  if (failure !== undefined) throw new Failure(`${output} can't be written (${failure})`);
}

function fromDistribution(file: string | undefined, env: Environment): ImportedConfig {
  if (file === undefined) {
    throw new Failure("name the configuration of Distribution's, or --portus", {code: 2});
  }
  const {settings, faults, warnings, isBroken} = readDistribution(file, {
    env,
    isDecided: () => false,
  });
  if (isBroken) throw new ConfigError(faults);
  const hints = env[keystoneVariable] === undefined ? [] : hintsForStarlingx;
  return {program: 'Docker Distribution', settings, faults, hints, losses: warnings};
}

/** Of StarlingX's token server. */
const keystoneVariable = 'REGISTRY_TOKEN_SERVER_KS_ENDPOINT';

const hintsForStarlingx: readonly Fault[] = [
  {
    path: 'namespaces.policy',
    message:
      'starlingx keeps the rules about names that the registry of StarlingX has; without it teams decide',
  },
  {
    path: 'auth.keystone.admins',
    message:
      'says who is an admin, as [{project: admin, role: admin}]; without it nobody of Keystone is',
  },
];

function fromPortus(file: string | undefined, env: Environment): ImportedConfig {
  const isThere = Object.keys(env).some((name) => name.startsWith('PORTUS_'));
  if (file === undefined && !isThere) {
    throw new Failure("name Portus' config.yml, or a file of its variables with --variables", {
      code: 2,
    });
  }
  const read = readPortusConfig(file, env);
  if ('settings' in read) return read;
  throw new ConfigError(read);
}

/** As systemd and docker read them: NAME=VALUE, a line each. */
function readEnvFile(path: string): Environment {
  const read = readText(path) ?? {failure: 'does not exist'};
  if ('failure' in read) throw new Failure(`${path} ${read.failure}`, {code: 2});
  const pairs = read.text.split('\n').flatMap((line) => {
    const match = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)=(.*?)\s*$/.exec(line);
    const [, name = '', value = ''] = match ?? [];
    return match ? [[name, value.replace(/^(["'])(.*)\1$/, '$2')] as const] : [];
  });
  return Object.fromEntries(pairs);
}

export function addConfigImport(config: Command): void {
  config
    .command('import')
    .argument('[file]', "the configuration of Docker Distribution's, or of Portus'", undefined)
    .description("turn another program's configuration into one of Holdfast")
    .option('--portus', 'it is one of Portus')
    .option(
      '--variables <file>',
      'a file of its variables, NAME=VALUE a line; may be repeated',
      collect,
    )
    .option('--output <file>', 'write it there, for its owner alone; else it is printed')
    .option('--force', 'write over a file that exists')
    .addHelpText('after', examples)
    .action((file: string | undefined, _options: ImportOptions, command: Command) => {
      importConfig(file, command.optsWithGlobals());
    });
}
