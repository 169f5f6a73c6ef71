/** `holdfast events`: what has happened to content, and what happens. */
import {type Command, InvalidArgumentError} from 'commander';
import {type EventShown, listEvents} from '../auth/administration/events.ts';
import {ask} from './content.ts';
import {follow} from './follow-events.ts';
import {print, visible} from './output.ts';
import {count, type Printing} from './verb.ts';

interface Options extends Printing {
  readonly follow?: true;
  readonly repository?: string;
  readonly namespace?: string;
  readonly after?: number;
  readonly limit: number;
}

const examples = `
Examples:
  holdfast events                                        the newest 100, the oldest of them first
  holdfast events --follow --namespace tools
  holdfast events --follow --json | jq .repository       one line of JSON for each
  holdfast events --after 4711 --limit 1000
`;

async function events(options: Options, command: Command): Promise<void> {
  const {repository, namespace, after, limit} = options;
  const filter = {
    ...(repository === undefined ? {} : {repository}),
    ...(namespace === undefined ? {} : {namespace}),
  };
  const given = {...filter, limit, ...(after === undefined ? {} : {after})};
  const past = await ask(command, listEvents, given);
  if (options.follow !== true) {
    print(past, options, () => past.events.map(lineOf).join('\n'));
    return;
  }
  const show = (event: EventShown): void => {
    const text = options.json === true ? JSON.stringify(event) : visible(lineOf(event));
    process.stdout.write(`${text}\n`);
  };
  for (const event of past.events) show(event);
  await follow({command, after: past.last, filter, show, signal: untilInterrupted()});
}

/** Ctrl-C is how it ends, and so is a reader who has seen enough. */
function untilInterrupted(): AbortSignal {
  const controller = new AbortController();
  const end = (): void => {
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  process.stdout.once('error', end);
  return controller.signal;
}

const widest = Math.max(...['push', 'delete', 'mount'].map((word) => word.length));

/** `2026-11-27 14:03:05  push    tools/saw:v1  sha256:0123456789ab  by anna`, by the clock of whoever looks. */
function lineOf({at, action, object, repository, tag, digest, actor}: EventShown): string {
  const what = tag === undefined ? repository : `${repository}:${tag}`;
  const parts = [
    localTime(new Date(at)),
    action.padEnd(widest),
    what,
    object === 'manifest' || object === 'tag' ? undefined : `(${object})`,
    digest?.slice(0, 19),
    actor === undefined ? undefined : `by ${actor}`,
  ];
  return parts.filter((part) => part !== undefined).join('  ');
}

function localTime(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${day} ${clock}`;
}

function position(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be the number of an event.');
}

export function eventsCommand(command: Command): void {
  command
    .option('--follow', 'go on with what happens, until Ctrl-C')
    .option('--repository <name>', 'of this one alone')
    .option('--namespace <name>', 'of what lies in it and below; / for names without a slash')
    .option('--after <number>', 'the oldest after that one; else the newest', position)
    .option('--limit <number>', 'how many of the past', count(1000), 100)
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(events);
}
