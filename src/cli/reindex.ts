/** `holdfast reindex`: compares the index with the storage, through the running server, and where none runs by itself. */
import {setTimeout} from 'node:timers/promises';
import type {Command} from 'commander';
import {type IndexAnswer, rebuildIndex, showIndex} from '../auth/administration/content-index.ts';
import {prepareDataDirectory} from '../config/data-directory.ts';
import {tellPlace, throughServer} from './administration.ts';
import {placeOf, titleOf} from '../metadata/place.ts';
import {loadFor} from './configuration.ts';
import {requireStorage} from './data-directory.ts';
import {Failure} from './failure.ts';
import {print} from './output.ts';
import {type Progress, progressBar} from './progress-bar.ts';
import type {Printing} from './verb.ts';

const examples = `
What lies in the storage directory counts: images that the index does not know yet come into it, those that are gone go.
Nothing in the storage is changed. One that was cut off goes on from where it was.

Examples:
  holdfast reindex                      pushes and pulls go on meanwhile
  holdfast reindex --data-dir /srv/holdfast --json
`;

/** In milliseconds. */
const askEvery = 300;

async function reindex(options: Printing, command: Command): Promise<void> {
  const bar = progressBar('repositories');
  try {
    const found = (await withServer(command, bar.show)) ?? (await alone(command, bar.show));
    bar.end();
    print(found, options, () => sentence(found));
  } finally {
    bar.end();
  }
}

interface Found {
  readonly repositories: number;
  /** How many there were the last time. */
  readonly expected?: number | undefined;
  /** Differences. */
  readonly tags: number;
  readonly manifests: number;
  /** Repositories that the storage has no more. */
  readonly gone: number;
}

const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`;

function sentence({repositories, tags, manifests, gone}: Found): string {
  const there = repositories === 1 ? '1 repository' : `${repositories} repositories`;
  const finding =
    tags + manifests === 0
      ? 'the index was right about all of them'
      : `the index was wrong about ${counted(tags, 'tag')} and ${counted(manifests, 'manifest')}, and is right now`;
  return gone > 0
    ? `${there}, and ${gone} that the storage has no more ${gone === 1 ? 'is' : 'are'} gone from the index; ${finding}`
    : `${there}${tags + manifests === 0 ? ', and' : ';'} ${finding}`;
}

/** `undefined`: no server runs. */
async function withServer(
  command: Command,
  show: (progress: Progress) => void,
): Promise<Found | undefined> {
  let answer: IndexAnswer | undefined = await throughServer(command, rebuildIndex, {});
  if (!answer) return undefined;
  while (answer.running) {
    const {repositories: done, expected} = answer.running;
    show({done, expected});
    await setTimeout(askEvery);
    answer = await throughServer(command, showIndex, {});
    if (!answer) {
      throw new Failure('the server ended meanwhile: the next comparison goes on from there');
    }
  }
  if (answer.problem !== undefined || !answer.last) {
    throw new Failure(`it could not be finished: ${answer.problem ?? 'the log says why'}`);
  }
  return answer.last;
}

async function alone(command: Command, show: (progress: Progress) => void): Promise<Found> {
  const {config} = loadFor(command);
  await requireStorage(config);
  tellPlace(command, `no server runs, the database is opened: ${titleOf(placeOf(config))}`);
  const {paths} = await prepareDataDirectory(config);
  const {reindexAlone} = await import('./reindex-alone.ts');
  return reindexAlone({config, paths, onProgress: show});
}

export function reindexCommand(command: Command): void {
  command.option('--json', 'print JSON').addHelpText('after', examples).action(reindex);
}
