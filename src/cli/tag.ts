/** `holdfast tag ...`: tags, what they pointed at before, and how one is put back. */
import type {Command} from 'commander';
import {
  deleteTag,
  listDeletedTags,
  listTags,
  restoreTag,
  showHistory,
  showTag,
} from '../auth/administration/content.ts';
import {ask, bytes, partsOf, type Removing, removingVerb} from './content.ts';
import {Failure} from './failure.ts';
import {everyPage, moment, print, properties, table, yes} from './output.ts';
import {confirm} from './terminal.ts';
import {count, type Printing, verb} from './verb.ts';

const examples = `
Examples:
  holdfast tag list tools/saw
  holdfast tag list tools/saw --deleted
  holdfast tag history tools/saw:latest
  holdfast tag restore tools/saw:latest                  to what it pointed at before
  holdfast tag restore tools/saw:v1 --digest sha256:...  to one of its history
  holdfast tag delete tools/saw:v1 tools/saw:v2 --yes
`;

async function list(
  repository: string,
  options: Printing & {readonly deleted?: true},
  command: Command,
): Promise<void> {
  if (options.deleted === true) {
    await listDeleted(repository, options, command);
    return;
  }
  const tags = await everyPage(async (page) => {
    const {tags: items, next} = await ask(command, listTags, {...page, repository});
    return {items, next};
  });
  print({tags}, options, () =>
    table(
      ['TAG', 'DIGEST', 'SIZE', 'PUSHED', 'BY', 'PULLED'],
      tags.map(({name, digest, size, pushedAt, pushedBy, pulledAt}) => [
        name,
        digest.slice(0, 19),
        bytes(size),
        moment(pushedAt),
        pushedBy,
        moment(pulledAt),
      ]),
    ),
  );
}

async function listDeleted(repository: string, options: Printing, command: Command): Promise<void> {
  const tags = await everyPage(async (page) => {
    const {tags: items, next} = await ask(command, listDeletedTags, {...page, repository});
    return {items, next};
  });
  print({tags}, options, () =>
    table(
      ['TAG', 'DELETED', 'BY', 'POINTED AT', 'CAN COME BACK'],
      tags.map(({name, at, by, digest, canRestore}) => [
        name,
        moment(at),
        by,
        digest,
        yes(canRestore),
      ]),
    ),
  );
}

const found = async (text: string, command: Command) => ask(command, showTag, partsOf(text));

interface Named {
  readonly repository: string;
  readonly name: string;
}

const nameOf = ({repository, name}: Named): string => `${repository}:${name}`;

async function show(text: string, options: Printing, command: Command): Promise<void> {
  const tag = await found(text, command);
  print(tag, options, () =>
    properties([
      ['tag', nameOf(tag)],
      ['digest', tag.digest],
      ['kind', tag.kind],
      ['platform', tag.platform],
      ['size', bytes(tag.size)],
      ['pushed', moment(tag.pushedAt)],
      ['by', tag.pushedBy],
      ['pulls', String(tag.pulls)],
      ['pulled', moment(tag.pulledAt)],
    ]),
  );
}

async function remove(
  texts: readonly string[],
  options: Removing,
  command: Command,
): Promise<void> {
  const tags: Awaited<ReturnType<typeof found>>[] = [];
  for (const text of new Set(texts)) tags.push(await found(text, command));
  const names = tags.map(nameOf);
  if (options.dryRun === true) {
    print({tags, deleted: false}, options, () => `would delete ${names.join(', ')}`);
    return;
  }
  await confirm(options, `Delete ${names.join(', ')}?`);
  const deleted: string[] = [];
  for (const tag of tags) {
    const {repository, name} = tag;
    await ask(command, deleteTag, {repository, tag: name}).catch((error: unknown) => {
      if (deleted.length === 0 || !(error instanceof Failure)) throw error;
      const {code, message} = error;
      throw new Failure(`${message}; deleted before: ${deleted.join(', ')}`, {code, cause: error});
    });
    deleted.push(nameOf(tag));
  }
  print(
    {tags, deleted: true},
    options,
    () => `deleted ${names.join(', ')}; holdfast tag restore brings a tag back`,
  );
}

async function history(
  text: string,
  options: Printing & {readonly limit: number},
  command: Command,
): Promise<void> {
  const {limit} = options;
  const {entries} = await ask(command, showHistory, {...partsOf(text), limit});
  print({entries}, options, () =>
    table(
      ['WHEN', 'BY', 'POINTED AT', 'CAN COME BACK'],
      entries.map(({at, by, digest, canRestore}) => [
        moment(at),
        by,
        digest ?? '(deleted)',
        digest === undefined ? undefined : yes(canRestore),
      ]),
    ),
  );
}

async function restore(
  text: string,
  options: Printing & {readonly digest?: string; readonly dryRun?: true},
  command: Command,
): Promise<void> {
  const parts = partsOf(text);
  const digest = options.digest ?? (await formerOf(text, command));
  if (options.dryRun === true) {
    print({...parts, digest, restored: false}, options, () => `would point ${text} at ${digest}`);
    return;
  }
  const restored = await ask(command, restoreTag, {...parts, digest});
  print({...restored, restored: true}, options, () => `${text} points at ${digest} again`);
}

/** What it pointed at before what it points at now, as far as that is there. */
async function formerOf(text: string, command: Command): Promise<string> {
  const {entries} = await ask(command, showHistory, partsOf(text));
  const [{digest: present} = {}] = entries;
  const former = entries.find(
    ({digest, canRestore}) => digest !== undefined && digest !== present && canRestore,
  );
  if (former?.digest !== undefined) return former.digest;
  throw new Failure(`${text} has pointed at nothing else that is still there`);
}

export function tagCommand(tag: Command): void {
  verb(tag, 'list <repository>', 'list the tags of a repository')
    .option('--deleted', 'those that were deleted, instead')
    .action(list);
  verb(tag, 'show <repository:tag>', 'show a tag').action(show);
  removingVerb(tag, 'delete <repository:tag...>', 'delete tags, each alone').action(remove);
  verb(tag, 'history <repository:tag>', 'tell what a tag pointed at, the newest first')
    .option('--limit <number>', 'how many entries', count(1000), 50)
    .action(history);
  verb(tag, 'restore <repository:tag>', 'put a tag back to what it pointed at')
    .option('--digest <digest>', 'one of its history; else what it pointed at before')
    .option('--dry-run', 'tell what it would point at, and stop')
    .action(restore);
  tag.addHelpText('after', examples);
}
