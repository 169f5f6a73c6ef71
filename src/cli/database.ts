/** `holdfast database status|backup|restore|copy`: the accounts as a whole. */
import {resolve} from 'node:path';
import type {Command} from 'commander';
import {showDatabase} from '../auth/administration/database.ts';
import {parseDatabaseUrl} from '../config/database-url.ts';
import type {Config} from '../config/schema.ts';
import type {DatabasePlace} from '../metadata/database.ts';
import {placeAtUrl, placeOf, titleOf} from '../metadata/place.ts';
import {administer, isServerRunning} from './administration.ts';
import {backUpTo, restoreFrom} from './backup-file.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import {print, properties, table} from './output.ts';
import {progressBar} from './progress-bar.ts';
import {isSameDatabase} from './same-database.ts';
import {askPassword, confirm} from './terminal.ts';
import {type Destructive, type Printing, destructiveVerb, verb} from './verb.ts';

const examples = `
Examples:
  holdfast database status
  holdfast database backup /var/backups/holdfast-$(date +%F).db
  holdfast database restore /var/backups/holdfast-2026-11-26.db
  holdfast database copy current postgres://holdfast@db.example.org/holdfast

FROM and TO are the path of a SQLite file, a URL as of metadata.url, or "current": what the
configuration says. Other settings of connections (metadata.caFile, metadata.tls) count for URLs, too.
A copy is made of what the source holds at one moment, whoever uses it. No server may use the
target: "current" is refused while one runs here, of those elsewhere nothing is known.
`;

interface Counted {
  readonly table: string;
  readonly rows: number;
}

const rowsTable = (counted: readonly Counted[]): string =>
  table(
    ['TABLE', 'ROWS'],
    counted.map(({table: name, rows}) => [name, String(rows)]),
  );

const size = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

async function status(options: Printing, command: Command): Promise<void> {
  const answer = await administer(command, showDatabase, {});
  print(answer, options, () => {
    const facts = properties([
      ['database', answer.place],
      ['engine', `${answer.engine} ${answer.version}`],
      ['size', size(answer.size)],
      ['latency', `${answer.latency.toFixed(1)} ms`],
      ['migrations', answer.migrations.join(', ')],
    ]);
    return `${facts}\n\n${rowsTable(answer.tables)}`;
  });
}

const users = (counted: readonly Counted[]): number =>
  counted.find(({table: name}) => name === 'users')?.rows ?? 0;

async function backup(path: string, options: Printing, command: Command): Promise<void> {
  const answer = await backUpTo(resolve(path), command);
  print(answer, options, () => `${answer.file} holds ${users(answer.tables)} accounts`);
}

async function restore(path: string, options: Destructive, command: Command): Promise<void> {
  const file = resolve(path);
  await confirm(options, `Replace all accounts, teams, namespaces and tokens by those of ${file}?`);
  const answer = await restoreFrom(file, command);
  print(answer, options, () => `${users(answer.tables)} accounts of ${answer.file} are in force`);
}

function placeFor(text: string, config: Config, password: string | undefined): DatabasePlace {
  if (text === 'current') return placeOf(config);
  if (/^[a-z]+:\/\//i.test(text)) {
    const address = parseDatabaseUrl(text);
    // Whoever lists the processes of the host reads the command line, and a shell keeps it.
    if (typeof address === 'object' && address.password !== undefined) {
      const message =
        'a URL of the command line has no password: --password-stdin reads it, or "current" means that of the configuration';
      throw new Failure(message, {code: 2});
    }
    return placeAtUrl(text, config, password);
  }
  const {allowNetworkFileSystem} = config.metadata;
  return {file: resolve(text), allowNetworkFileSystem};
}

interface CopyOptions extends Destructive {
  readonly replace?: true;
  readonly passwordStdin?: true;
}

async function copy(
  fromText: string,
  toText: string,
  options: CopyOptions,
  command: Command,
): Promise<void> {
  const {config} = loadFor(command);
  const password =
    options.passwordStdin === true ? await askPassword(options, 'Password of the URL') : undefined;
  const from = placeFor(fromText, config, password);
  const to = placeFor(toText, config, password);
  if ((await isSameDatabase(to, placeOf(config))) && (await isServerRunning(config))) {
    throw new Failure(`a server uses ${titleOf(to)}: stop it first`);
  }
  if (await isSameDatabase(from, to)) {
    throw new Failure(`${titleOf(from)} and ${titleOf(to)} are one database`);
  }
  if ((await isSameDatabase(from, placeOf(config))) && (await isServerRunning(config))) {
    const message = `a server uses ${titleOf(from)}: what it changes after this is not in the copy`;
    process.stderr.write(`holdfast: ${message}\n`);
  }
  if (options.replace === true) {
    await confirm(options, `Replace whatever accounts ${titleOf(to)} holds?`);
  }
  const {copyDatabase} = await import('../metadata/copy-database.ts');
  const bar = progressBar('rows');
  let counted;
  try {
    counted = await copyDatabase({
      from,
      to,
      replace: options.replace === true,
      onRows: (done, all) => {
        bar.show({done, expected: all});
      },
    });
  } finally {
    bar.end();
  }
  const answer = {from: titleOf(from), to: titleOf(to), tables: counted};
  print(
    answer,
    options,
    () => `${answer.to} holds what ${answer.from} held\n\n${rowsTable(counted)}`,
  );
}

export function databaseCommand(database: Command): void {
  verb(database, 'status', 'show the engine, its version, and what is in the database').action(
    status,
  );
  verb(database, 'backup <file>', 'write all of it into a SQLite file, while it is used').action(
    backup,
  );
  destructiveVerb(database, 'restore <file>', 'put a backup in place of what there is').action(
    restore,
  );
  destructiveVerb(database, 'copy <from> <to>', 'copy it to another file or server')
    .option('--password-stdin', 'read the password of a URL without one from the standard input')
    .option('--replace', 'the accounts that the target holds are deleted')
    .action(copy);
  database.addHelpText('after', examples);
}
