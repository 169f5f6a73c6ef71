/** `holdfast restore DIR`: puts a backup into a fresh data directory. */
import {resolve} from 'node:path';
import type {Command} from 'commander';
import {showIndex} from '../auth/administration/content-index.ts';
import {parseDatabaseUrl} from '../config/database-url.ts';
import type {Config} from '../config/schema.ts';
import {throughServer} from './administration.ts';
import {findingLine, mebibytes, unwholeCode} from './backup.ts';
import {loadFor} from './configuration.ts';
import {requireNamed} from './data-directory.ts';
import {Failure} from './failure.ts';
import {print, properties} from './output.ts';
import {progressBar} from './progress-bar.ts';
import type {Restored, RestorePlan} from './restore-here.ts';
import {askPassword, confirm} from './terminal.ts';
import {choice, type Destructive} from './verb.ts';

const examples = `
The directory has to be fresh. One that holds this very volume takes it with --force: what the backup has is put in
place of what is there, and what it has not stays. A restore that was cut off is begun again with the same words; until
it is through no server starts on the directory.

Examples:
  holdfast restore /var/backups/holdfast --data-dir /srv/holdfast
  holdfast restore /var/backups/holdfast --data-dir /srv/holdfast --dry-run
  holdfast restore /var/backups/holdfast --set 2026-11-27T020000.123Z --data-dir /srv/holdfast
  holdfast restore /var/backups/holdfast --data-dir /srv/holdfast --database postgres://holdfast@db.example.org/holdfast
  holdfast restore /var/backups/holdfast --data-dir /srv/holdfast --content none   its registry/ came with a snapshot

It ends with 0, with 3 where something of the content is damaged or missing, which is told, and else with 1.
`;

interface Restoration extends Destructive {
  readonly set?: string;
  readonly database?: string;
  readonly passwordStdin?: true;
  readonly content?: 'copy' | 'none';
  readonly force?: true;
  readonly dryRun?: true;
}

/** With the database that the command names. */
async function configFor(config: Config, options: Restoration): Promise<Config> {
  const {database: url, passwordStdin} = options;
  const given =
    passwordStdin === true ? await askPassword(options, 'Password of the URL') : undefined;
  if (url === undefined) return config;
  const address = parseDatabaseUrl(url);
  if (typeof address === 'string') throw new Failure(`--database ${address}`, {code: 2});
  if (address.password !== undefined) {
    throw new Failure('--database has no password: --password-stdin reads it', {code: 2});
  }
  const password = given ?? config.metadata.password;
  return {...config, metadata: {...config.metadata, url, ...(password ? {password} : {})}};
}

async function restore(directory: string, options: Restoration, command: Command): Promise<void> {
  const loaded = loadFor(command);
  await requireNamed(loaded);
  const config = await configFor(loaded.config, options);
  if (await throughServer(command, showIndex, {})) {
    throw new Failure('a server uses this data directory: stop it first');
  }
  const {planRestore, performRestore} = await import('./restore-here.ts');
  const plan = await planRestore(resolve(directory), config, options);
  if (options.dryRun === true) {
    print(plan.told, options, () => planText(plan.told));
    return;
  }
  if (plan.told.state === 'forced') {
    await confirm(options, `Put the backup of ${plan.told.time} over ${plan.told.dataDir}?`);
  }
  const bar = progressBar('files');
  const restored = await performRestore(plan, (done) => {
    bar.show({done});
  }).finally(bar.end);
  print({...plan.told, ...restored}, options, () => restoredText(plan.told, restored));
  if (restored.findings.length > 0) process.exitCode = unwholeCode;
}

type Plan = RestorePlan['told'];

const planText = (told: Plan): string =>
  `${properties([
    ['set', told.set],
    ['made', told.time],
    ['volume', told.volume],
    ['data directory', `${told.dataDir} (${told.state})`],
    ['storage', told.storage],
    ['database', told.database],
    ['content', told.content === 'copy' ? mebibytes(told.bytes) : 'as it lies there'],
  ])}\nNothing was changed.`;

/** So many are told to a person; --json has all. */
const mostTold = 20;

function restoredText(told: Plan, {restored, compared, findings, index}: Restored): string {
  const what =
    restored === undefined
      ? `${compared?.files ?? 0} files were compared, ${compared?.differing.length ?? 0} are missing or others`
      : `${restored.blobs} blobs with ${mebibytes(restored.bytes)}, ${restored.files} other files`;
  return [
    `the backup of ${told.time} is in ${told.dataDir}: ${what}; the index knows ${index.repositories} repositories`,
    ...(findings.length === 0 ? [] : [`damaged or missing: ${findings.length}`]),
    ...findings.slice(0, mostTold).map(findingLine),
    `the database is ${told.database}`,
    `start the server: holdfast serve --data-dir ${told.dataDir}`,
  ].join('\n');
}

export function restoreCommand(command: Command): void {
  command
    .argument('<directory>', 'where the backups are')
    .option('--set <time>', 'which one; the newest unless given')
    .option('--database <url>', 'a database server, in place of what the configuration says')
    .option('--password-stdin', 'read the password of that URL from the standard input')
    .addOption(
      choice('--content <how>', 'none: it lies there already, from a snapshot', ['copy', 'none']),
    )
    .option('--force', 'also where this very volume is')
    .option('--dry-run', 'tell what would be done, and change nothing')
    .option('--json', 'print JSON')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples)
    .action(restore);
}
