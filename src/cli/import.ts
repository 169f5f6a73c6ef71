/** `holdfast import portus`: takes over the accounts of another registry, through the running server, and where none runs by itself. */
import {resolve} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import type {Command} from 'commander';
import {importPortus, showImport, type PortusReport} from '../auth/administration/portus.ts';
import {readText} from '../config/file.ts';
import {namingOptions, throughServer} from './administration.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import {importReport} from './import-report.ts';
import {print} from './output.ts';
import {type Progress, progressBar} from './progress-bar.ts';
import {askPassword} from './terminal.ts';
import {choice, collect, type Printing, verb} from './verb.ts';

const examples = `
Users keep their passwords and application tokens. What has no counterpart is told, with the reason; what was taken once
is not taken again, so a second run brings what is new in Portus since.

Examples:
  holdfast import portus --database mysql://portus@db.example.org/portus_production --dry-run
  holdfast import portus --database postgres://portus@127.0.0.1/portus --password-file /root/portus-db-password
  holdfast import portus --database mysql://root@localhost/portus?socket=/run/mysqld/mysqld.sock --json

The password is never a word of the command line: it is asked for, or comes from --password-file, --password-stdin or
the variable PORTUS_DB_PASSWORD.
`;

interface PortusOptions extends Printing {
  readonly database: string;
  readonly passwordFile?: string;
  readonly passwordStdin?: true;
  readonly databaseTls?: 'off' | 'require' | 'verify';
  readonly databaseCaFile?: string;
  readonly provider?: readonly string[];
  readonly samePerson?: readonly string[];
  readonly dryRun?: true;
}

async function portus(options: PortusOptions, command: Command): Promise<void> {
  const {database, databaseTls: tls, databaseCaFile: caFile, dryRun = false} = options;
  const {provider = [], samePerson} = options;
  const input = {
    database,
    password: await passwordOf(options),
    tls,
    caFile: caFile === undefined ? undefined : resolve(caFile),
    providers: Object.fromEntries(provider.map(pairOf)),
    samePeople: samePerson === undefined ? undefined : [...samePerson],
    isDry: dryRun,
  };
  const bar = progressBar('rows');
  const report = await namingOptions(
    command,
    async () =>
      (await withServer(command, input, bar.show)) ?? (await alone(command, input, bar.show)),
  ).finally(bar.end);
  print(report, options, () => importReport(report));
}

/** `undefined`: none, as where the server trusts whoever is on its host. */
async function passwordOf(options: PortusOptions): Promise<string | undefined> {
  const {passwordFile, passwordStdin} = options;
  if (passwordFile !== undefined) return readPasswordFile(passwordFile);
  if (passwordStdin === true) return askPassword({passwordStdin}, 'Password of the database');
  const given = process.env['PORTUS_DB_PASSWORD'];
  if (given !== undefined) return given;
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const typed = await askPassword({}, 'Password of the database (empty: none)');
  return typed === '' ? undefined : typed;
}

function readPasswordFile(file: string): string {
  const read = readText(file) ?? {failure: 'does not exist'};
  if ('failure' in read) throw new Failure(`${file} ${read.failure}`, {code: 2});
  return read.text.replace(/\r?\n$/, '');
}

function pairOf(text: string): readonly [string, string] {
  const [, theirs, id] = /^([^=]+)=([^=]+)$/.exec(text) ?? [];
  if (theirs !== undefined && id !== undefined) return [theirs, id];
  throw new Failure('--provider is written PORTUS=ID, as openid_connect=corp', {code: 2});
}

/** In milliseconds. */
const askEvery = 300;

/** `undefined`: no server runs. */
async function withServer(
  command: Command,
  input: Parameters<
    typeof throughServer<typeof importPortus.input, typeof importPortus.output, never>
  >[2],
  show: (progress: Progress) => void,
): Promise<PortusReport | undefined> {
  const done = new AbortController();
  const importing = throughServer(command, importPortus, input).finally(() => {
    done.abort();
  });
  const watching = watch(command, done.signal, show);
  const report = await importing;
  await watching;
  return report;
}

/** Whatever goes wrong here, the import itself tells it. */
async function watch(
  command: Command,
  signal: AbortSignal,
  show: (progress: Progress) => void,
): Promise<void> {
  try {
    for (;;) {
      await setTimeout(askEvery, undefined, {signal});
      const answer = await throughServer(command, showImport, {});
      if (answer?.running) show({done: answer.running.done, expected: answer.running.all});
    }
  } catch {
    // It is over, or there is nothing to be shown.
  }
}

async function alone(
  command: Command,
  input: unknown,
  show: (progress: Progress) => void,
): Promise<PortusReport> {
  const {importAlone} = await import('./import-alone.ts');
  return importAlone(loadFor(command), input, show);
}

export function importCommand(command: Command): void {
  verb(command, 'portus', 'take over the database of a Portus (MySQL, MariaDB or PostgreSQL)')
    .requiredOption('--database <url>', 'mysql://USER@HOST/NAME or postgres://USER@HOST/NAME')
    .option('--password-file <file>', 'the password of that user is the content of this file')
    .option('--password-stdin', 'read it from the standard input')
    .addOption(
      choice('--database-tls <how>', 'how that server is reached; verify, on this host off', [
        'off',
        'require',
        'verify',
      ]),
    )
    .option('--database-ca-file <file>', 'PEM file with the CA of its certificate')
    .option(
      '--provider <portus=id>',
      'which provider of auth.oidc has the people of one of Portus; may be repeated',
      collect,
    )
    .option(
      '--same-person <name>',
      'this account here is the same person as there; may be repeated',
      collect,
    )
    .option('--dry-run', 'tell what would be done, and change nothing')
    .action(portus);
  command.addHelpText('after', examples);
}
