/** `holdfast activity ...`: what was done and by whom, and whether anybody has changed what was written down of it. */
import {once} from 'node:events';
import type {Command} from 'commander';
import {listActivities, rotateSealKey, verifySeals} from '../auth/administration/activities.ts';
import {csvHeader, csvLine} from '../auth/activities/csv.ts';
import type {ShownActivity} from '../auth/activities/shown.ts';
import {administer} from './administration.ts';
import {moment, print, table, visible} from './output.ts';
import {choice, count, type Printing, verb} from './verb.ts';

const examples = `
Examples:
  holdfast activity list --actor anna --from 2026-11-01T00:00:00Z
  holdfast activity list --key login.failed
  holdfast activity list --namespace tools --limit 100000 --csv > activities.csv
  holdfast activity verify
`;

interface Listing extends Printing {
  readonly actor?: string;
  readonly key?: string;
  readonly namespace?: string;
  readonly repository?: string;
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
  readonly outcome?: 'done' | 'denied' | 'failed';
  readonly address?: string;
  readonly limit: number;
  readonly csv?: true;
}

const usual = 100;
const largestLimit = 100_000_000;
const perPage = 500;

/** Page by page: none but the one at hand is in memory. */
async function* pages(
  {limit, csv: _, json: __, ...filter}: Listing,
  command: Command,
): AsyncGenerator<readonly ShownActivity[]> {
  let after: string | undefined;
  let left = limit;
  do {
    const input = {...filter, limit: Math.min(left, perPage), after};
    const {activities, next} = await administer(command, listActivities, input);
    yield activities.slice(0, left);
    left -= activities.length;
    after = next;
  } while (after !== undefined && left > 0);
}

/** Waits for whoever reads it: it may be long. */
async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

async function list(options: Listing, command: Command): Promise<void> {
  if (options.csv === true) {
    await write(csvHeader());
    for await (const page of pages(options, command)) await write(page.map(csvLine).join(''));
    return;
  }
  const activities: ShownActivity[] = [];
  for await (const page of pages(options, command)) activities.push(...page);
  print({activities}, options, () =>
    table(['TIME', 'WHO', 'WHAT', 'TO', 'FROM', 'OUTCOME'], activities.map(rowOf)),
  );
}

const rowOf = ({
  at,
  actor,
  actor_kind: kind,
  key,
  subject,
  address,
  outcome,
  times,
}: ShownActivity) => [
  moment(at),
  actor === null || actor === '' ? (kind ?? undefined) : visible(actor),
  key,
  subject === '' ? undefined : subject,
  address ?? undefined,
  times === 1 ? outcome : `${outcome} ${times} times`,
];

async function verify(options: Printing, command: Command): Promise<void> {
  const found = await administer(command, verifySeals, {});
  const {findings, seals, rows, unsealed, removed_up_to: removedUpTo, last, restarts} = found;
  if (findings.length > 0) process.exitCode = 1;
  print(found, options, () =>
    [
      ...findings.map(({sentence}) => sentence),
      ...restarts.map(
        ({at, from, to}) =>
          `a backup was put back at ${at}: seal ${from} was the last one, and then ${to}`,
      ),
      ...(removedUpTo === undefined
        ? []
        : [`up to seal ${removedUpTo} all was removed as too old`]),
      ...(last === undefined ? [] : [`last seal ${last.number}: ${last.hash}`]),
      `${findings.length === 0 ? 'nothing was changed' : 'it was changed'}: ${rows} activities under ${seals} seals, ${unsealed} not sealed yet`,
    ].join('\n'),
  );
}

async function rotate(options: Printing, command: Command): Promise<void> {
  const rotated = await administer(command, rotateSealKey, {});
  print(rotated, options, () => `activities are sealed with the key ${rotated.key} from now on`);
}

export function activityCommand(activity: Command): void {
  verb(activity, 'list', 'list what was done, the newest first')
    .option('--actor <name>', 'by whom')
    .option('--key <key>', 'what, as team.create, or team for all of it')
    .option('--namespace <name>', 'in it and below')
    .option('--repository <name>', 'in it')
    .option('--subject <name>', 'to what')
    .option('--from <time>', 'not before, as 2026-11-27T00:00:00Z')
    .option('--to <time>', 'before')
    .addOption(choice('--outcome <outcome>', 'what came of it', ['done', 'denied', 'failed']))
    .option('--address <address>', 'from that client')
    .option('--limit <number>', 'so many at most', count(largestLimit), usual)
    .option('--csv', 'print CSV, for spreadsheets')
    .action(list);
  verb(
    activity,
    'verify',
    'tell whether what was written down is as it was sealed; the exit code is 1 if it is not',
  ).action(verify);
  verb(activity, 'rotate-key', 'seal with a new key from now on').action(rotate);
  activity.addHelpText('after', examples);
}
