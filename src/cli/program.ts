/** The whole command line; what a command needs is loaded when it is asked for. */
import {Command} from 'commander';
import {version} from '../config/version.ts';
import {Failure} from './failure.ts';
import {nouns} from './nouns.ts';

const examples = `
Examples:
  holdfast serve                                   run the registry on https://localhost:5000
  holdfast serve --data-dir /srv/holdfast --tls off --listen 127.0.0.1:5000
  holdfast user create anna                        the first user is the admin
  holdfast config init                             write ./holdfast.yaml
  holdfast serve --distribution-config /etc/docker/registry/config.yml
  holdfast config print                            what is in force, and where it comes from

Each setting is also a variable: HOLDFAST_HTTP_LISTEN sets http.listen. A flag wins over a variable,
a variable over the file, the file over the default. The file is the one that --config or
HOLDFAST_CONFIG names, or the first there is of ./holdfast.yaml, DATA-DIR/holdfast.yaml and
/etc/holdfast/holdfast.yaml. With --distribution-config, or HOLDFAST_DISTRIBUTION_CONFIG, what they do
not say comes from Docker Distribution's own configuration, REGISTRY_* variables included.
`;

/** `holdfast robot create` */
function wordsOf(command: Command): string {
  return command.parent ? `${wordsOf(command.parent)} ${command.name()}` : command.name();
}

/** Sub-commands made elsewhere take over nothing from the program by themselves. */
function settle(command: Command): void {
  command
    .exitOverride()
    .configureHelp({showGlobalOptions: true})
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .showHelpAfterError(`see ${wordsOf(command)} --help`);
  for (const below of command.commands) settle(below);
}

/** Gives a noun its verbs and options. */
async function fill(command: Command): Promise<void> {
  const noun = nouns.find(({name}) => name === command.name());
  const complete = await noun?.load();
  complete?.(command);
  settle(command);
}

/** Of which the API has the verbs. */
const nounsOfApi: readonly string[] = [
  'user',
  'team',
  'namespace',
  'app-token',
  'robot',
  'webhook',
  'repository',
  'tag',
  'events',
];

/** Throws a Failure where a server is named for what is done here alone. */
function requireUseOfServer(command: Command): void {
  const {server} = command.optsWithGlobals<{readonly server?: string}>();
  // One without verbs is a noun itself.
  const noun = (command.parent?.parent ? command.parent : command).name();
  if (server === undefined || nounsOfApi.includes(noun)) return;
  const message = `${wordsOf(command)} works on this host alone, without --server; ${nounsOfApi.join(', ')} know it`;
  throw new Failure(message, {code: 2});
}

/** Each noun is empty until it is asked for. */
export function program(): Command {
  const holdfast = new Command('holdfast')
    .description('An OCI distribution registry for people who run their own')
    .version(version(), '--version', 'tell the version')
    .option('--config <file>', 'configuration file')
    .option('--distribution-config <file>', "configuration file of Docker Distribution's")
    .option('--data-dir <dir>', 'where everything lies that must survive (default: ./data)')
    .option('--server <url>', 'have another server do it, by its API, instead of the one here')
    .option('--token-file <file>', 'what to log in with there: NAME:TOKEN (or HOLDFAST_TOKEN)')
    .option('--ca-file <file>', 'whose certificates to trust there, in PEM')
    .option('--verbose', 'tell whether a running server was asked, or the database opened')
    .hook('preAction', (_, command) => {
      requireUseOfServer(command);
    })
    .addHelpText('after', examples)
    .hook('preSubcommand', async (_, command) => fill(command));
  for (const {name, sentence} of nouns) {
    holdfast.addCommand(new Command(name).description(sentence));
  }
  settle(holdfast);
  return holdfast;
}

/** With every noun, verb and option. */
export async function wholeProgram(): Promise<Command> {
  const holdfast = program();
  for (const command of holdfast.commands) await fill(command);
  return holdfast;
}
