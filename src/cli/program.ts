/** The whole command line; what a command needs is loaded when it runs. */
import {Command} from 'commander';
import {version} from '../config/version.ts';
import {appTokenCommand} from './app-token.ts';
import {authCommand} from './auth.ts';
import {certificateCommand} from './certificate.ts';
import {configCommand} from './config.ts';
import {loadFor} from './configuration.ts';
import {indexCommand} from './content-index.ts';
import {Failure} from './failure.ts';
import {keystoneCommand} from './keystone.ts';
import {ldapCommand} from './ldap.ts';
import {keysCommand} from './keys.ts';
import {migrateCommand} from './migrate.ts';
import {namespaceCommand} from './namespace.ts';
import {reindexCommand} from './reindex.ts';
import {oidcCommand} from './oidc.ts';
import {repositoryCommand} from './repository.ts';
import {robotCommand} from './robot.ts';
import {serveCommand} from './serve.ts';
import {tagCommand} from './tag.ts';
import {teamCommand} from './team.ts';
import {userCommand} from './user.ts';
import {versionCommand} from './version.ts';

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

/** Sub-commands made elsewhere take over nothing from the program by themselves. */
function everywhere(command: Command, settle: (command: Command) => void): void {
  settle(command);
  for (const below of command.commands) everywhere(below, settle);
}

/** `holdfast robot create` */
function wordsOf(command: Command): string {
  return command.parent ? `${wordsOf(command.parent)} ${command.name()}` : command.name();
}

/** Of which the API has the verbs. */
const nounsOfApi: readonly string[] = [
  'user',
  'team',
  'namespace',
  'app-token',
  'robot',
  'repository',
  'tag',
];

/** Throws a Failure where a server is named for what is done here alone. */
function requireUseOfServer(command: Command): void {
  const {server} = command.optsWithGlobals<{readonly server?: string}>();
  const noun = command.parent?.name() ?? '';
  if (server === undefined || nounsOfApi.includes(noun)) return;
  const message = `${wordsOf(command)} works on this host alone, without --server; ${nounsOfApi.join(', ')} know it`;
  throw new Failure(message, {code: 2});
}

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
    .addCommand(serveCommand())
    .addCommand(configCommand())
    .addCommand(certificateCommand((command) => loadFor(command).config))
    .addCommand(userCommand())
    .addCommand(teamCommand())
    .addCommand(namespaceCommand())
    .addCommand(appTokenCommand())
    .addCommand(robotCommand())
    .addCommand(repositoryCommand())
    .addCommand(tagCommand())
    .addCommand(authCommand())
    .addCommand(ldapCommand())
    .addCommand(keystoneCommand())
    .addCommand(oidcCommand())
    .addCommand(keysCommand())
    .addCommand(indexCommand())
    .addCommand(reindexCommand())
    .addCommand(migrateCommand())
    .addCommand(versionCommand());
  everywhere(holdfast, (command) => {
    command
      .exitOverride()
      .configureHelp({showGlobalOptions: true})
      .helpOption('-h, --help', 'show help')
      .helpCommand(false)
      .showHelpAfterError(`see ${wordsOf(command)} --help`);
  });
  return holdfast;
}
