/** `holdfast config init|print|check`: writes, shows and examines the configuration. */
import {Command} from 'commander';
import {configVariable} from '../config/environment.ts';
import {isFoundByItself, writeText} from '../config/file.ts';
import {printInForce, settingsInForce} from '../config/in-force.ts';
import {configSchema} from '../config/schema.ts';
import {configTemplate} from '../config/template.ts';
import {quoted} from '../config/tree-check.ts';
import {inspectFor, loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import {describeFault, describeFaults} from './faults.ts';
import {print} from './output.ts';
import type {Printing} from './verb.ts';

const examples = `
Examples:
  holdfast config init                          write ./holdfast.yaml, every setting commented out
  holdfast config init /etc/holdfast/holdfast.yaml
  holdfast config check                         "ok", or everything that is wrong, and exit code 2
  HOLDFAST_TLS_MODE=off holdfast config print   what is in force, and where each value comes from
`;

function init(file: string, force: boolean): void {
  const failure = writeText(file, configTemplate(configSchema), {replace: force});
  if (failure === 'exists') throw new Failure(`${file} exists; --force writes over it`);
  if (failure !== undefined) throw new Failure(`${file} can't be written (${failure})`);
  const named =
    process.env[configVariable] === undefined && isFoundByItself(file)
      ? ''
      : ` --config ${quoted(file)}`;
  console.log(`wrote ${file}; next: holdfast${named} config check`);
}

function printSettings(options: Printing, command: Command): void {
  const loaded = loadFor(command);
  const settings = settingsInForce(configSchema, loaded);
  const {file, distribution} = loaded;
  const files = {file: file ?? null, distributionFile: distribution?.file ?? null};
  print({...files, settings}, options, () => {
    const heading =
      file === undefined ? '# no configuration file was found' : `# read from ${file}`;
    const below = distribution ? `# and from ${distribution.file}, of Docker Distribution\n` : '';
    return `${heading}\n${below}${printInForce(settings)}`.trimEnd();
  });
}

async function check(options: Printing, command: Command): Promise<void> {
  const {faults, warnings} = await inspectFor(command);
  if (faults.length > 0) process.exitCode = 2;
  const isOk = faults.length === 0;
  if (isOk || options.json === true) print({ok: isOk, faults, warnings}, options, () => 'ok');
  if (options.json === true) return;
  if (!isOk) process.stderr.write(describeFaults(faults));
  if (warnings.length > 0) {
    const heading = isOk ? 'holdfast: it works, but' : 'and warnings:';
    process.stderr.write(`${heading}\n${warnings.map(describeFault).join('')}`);
  }
}

export function configCommand(): Command {
  const config = new Command('config')
    .description('write, show and check the configuration')
    .addHelpText('after', examples);
  config
    .command('init')
    .argument('[file]', 'where to write; --config says it as well', undefined)
    .description('write a configuration file with every setting, its sentence and its default')
    .option('--force', 'write over a file that exists')
    .addHelpText('after', examples)
    .action((file: string | undefined, {force}: {force?: true}, command: Command) => {
      const {config: named} = command.optsWithGlobals<{config?: string}>();
      init(file ?? named ?? 'holdfast.yaml', force ?? false);
    });
  config
    .command('print')
    .description('show what is in force and where each value comes from; secrets are hidden')
    .option('--json', 'as JSON')
    .addHelpText('after', examples)
    .action(printSettings);
  config
    .command('check')
    .description('tell everything that is wrong with the configuration and its directories')
    .option('--json', 'as JSON')
    .addHelpText('after', examples)
    .action(check);
  config
    .command('template', {hidden: true})
    .aliases(['create', 'example', 'generate', 'sample'])
    .allowExcessArguments()
    .action((_options: unknown, {parent}: Command) => {
      const word = parent?.args[0] ?? 'template';
      throw new Failure(`there is no config ${word}; did you mean: holdfast config init`, {
        code: 2,
      });
    });
  return config;
}
