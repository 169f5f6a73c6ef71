/** `holdfast backup DIR`: all of a registry, while it is used; what is in DIR already is not copied again. */
import {resolve} from 'node:path';
import type {Command} from 'commander';
import type {MadeSet} from '../backup/make-set.ts';
import type {Problem} from '../backup/verify-set.ts';
import {loadFor} from './configuration.ts';
import {requireDataDirectory} from './data-directory.ts';
import {requireNoOtherNode} from './other-node.ts';
import {moment, print, properties, table} from './output.ts';
import {progressBar} from './progress-bar.ts';
import {choice, count, type Printing, verb} from './verb.ts';

const examples = `
In DIR there is a set for each backup, with the database, keys, certificates and a list of the content, and the
content of all of them once. One that is cut off leaves the earlier ones whole, and the next goes on from there.

Examples:
  holdfast backup /var/backups/holdfast                 a server may run, and pushes go on
  holdfast backup /var/backups/holdfast --keep 14 --verify
  holdfast backup /var/backups/holdfast --content none  the content is in a snapshot, made after this
  holdfast backup list /var/backups/holdfast
  holdfast backup verify /var/backups/holdfast          reads all of it
  holdfast restore /var/backups/holdfast --data-dir /srv/holdfast

It ends with 0, with 3 where the backup is there and something is not whole, which is told, and else with 1.
`;

/** The exit code of what was done, and has found something that is not whole. */
export const unwholeCode = 3;
/** So many are told to a person; --json has more. */
const mostTold = 20;

interface Creation extends Printing {
  readonly content: 'copy' | 'none';
  readonly keep?: number;
  readonly verify?: true;
}

async function create(directory: string, options: Creation, command: Command): Promise<void> {
  const loaded = loadFor(command);
  await requireDataDirectory(loaded.config);
  // Before anything is made where the backups are.
  await requireNoOtherNode(loaded.config);
  const bar = progressBar('repositories');
  const {makeBackup} = await import('./backup-here.ts');
  const {made, removed, problems} = await makeBackup(resolve(directory), command, {
    loaded,
    ...options,
    onRepositories: (done) => {
      bar.show({done});
    },
  }).finally(bar.end);
  const {set, record} = made;
  const answer = {...record, set: set.name, directory: set.paths.root, removed, problems};
  print(answer, options, () =>
    [creationSentence(made), ...findingLines(made), removedLine(removed), ...problemLines(problems)]
      .filter((line) => line !== undefined)
      .join('\n'),
  );
  if (record.found > 0 || problems.length > 0) process.exitCode = unwholeCode;
}

export const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

function creationSentence({set, record: {figures, content}}: MadeSet): string {
  const {repositories, tags, manifests, blobs, bytes, copiedBlobs, copiedBytes} = figures;
  const what = `${repositories} repositories, ${tags} tags, ${manifests} manifests, ${blobs} blobs with ${mebibytes(bytes)}`;
  const how =
    content === 'copy'
      ? `${copiedBlobs} blobs with ${mebibytes(copiedBytes)} were new`
      : 'the content itself is not in it: make the snapshot now';
  return `${set.paths.root}: ${what}; ${how}`;
}

function findingLines({record: {found, findings}}: MadeSet): readonly string[] {
  if (found === 0) return [];
  const lines = findings.slice(0, mostTold).map(findingLine);
  return [`not whole in the registry itself, and so in the backup: ${found}`, ...lines];
}

export const findingLine = (finding: MadeSet['record']['findings'][number]): string => {
  const {kind, repository, digest, manifest} = finding;
  const named = manifest === undefined ? '' : `, which ${manifest} names`;
  return `  ${repository}@${digest} is ${kind === 'damaged' ? kind : 'missing'}${named}`;
};

const removedLine = (removed: {readonly sets: readonly string[]; readonly bytes: number}) =>
  removed.sets.length === 0
    ? undefined
    : `removed: ${removed.sets.join(', ')}, and ${mebibytes(removed.bytes)} of content`;

function problemLines(problems: readonly Problem[]): readonly string[] {
  const lines = problems.slice(0, mostTold).map(({set, what, kind, repository}) => {
    const place = repository === undefined ? '' : ` (of ${repository})`;
    return `  ${set}: ${what}${place} is ${kind}`;
  });
  return problems.length === 0 ? [] : [`not as it was copied: ${problems.length}`, ...lines];
}

async function list(directory: string, options: Printing): Promise<void> {
  const {listBackups} = await import('./backup-here.ts');
  const sets = await listBackups(resolve(directory));
  print(sets, options, () =>
    table(
      ['SET', 'MADE', 'CONTENT', 'REPOSITORIES', 'TAGS', 'SIZE', 'NOT WHOLE'],
      sets.map(({set, record}) => [
        set,
        moment(record.time),
        record.content,
        String(record.figures.repositories),
        String(record.figures.tags),
        mebibytes(record.figures.bytes),
        String(record.found),
      ]),
    ),
  );
}

interface Verification extends Printing {
  readonly set?: string;
}

async function verify(directory: string, options: Verification): Promise<void> {
  const bar = progressBar('blobs');
  const {verifyBackups} = await import('./backup-here.ts');
  const {sets, blobs, problems} = await verifyBackups(resolve(directory), options.set, (done) => {
    bar.show({done});
  }).finally(bar.end);
  print({sets, blobs, problems}, options, () =>
    problems.length === 0
      ? properties([
          ['sets', sets.join(', ')],
          ['blobs', String(blobs)],
          ['problems', 'none'],
        ])
      : problemLines(problems).join('\n'),
  );
  if (problems.length > 0) process.exitCode = unwholeCode;
}

export function backupCommand(backup: Command): void {
  backup
    .command('create <directory>', {isDefault: true})
    .description('make one; the word "create" may be left out')
    .option('--json', 'print JSON')
    .addOption(
      choice('--content <how>', 'copy it, or leave it to a snapshot', ['copy', 'none']).default(
        'copy',
      ),
    )
    .option('--keep <number>', 'so many sets stay, the oldest go', count(100_000))
    .option('--verify', 'read it again, and compare it with its digests')
    .action(create);
  verb(backup, 'list <directory>', 'tell which backups there are').action(list);
  verb(backup, 'verify <directory>', 'compare what lies there with its digests')
    .option('--set <time>', 'one of them; all unless given')
    .action(verify);
  backup.addHelpText('after', examples);
}
