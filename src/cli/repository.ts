/** `holdfast repository ...`: what repositories there are, what they are for, and an end to one. */
import type {Command} from 'commander';
import {
  deleteRepository,
  describeRepository,
  listRepositories,
  showRepository,
} from '../auth/administration/content.ts';
import {ask, bytes, type Removing, removingVerb} from './content.ts';
import {everyPage, moment, print, properties, table} from './output.ts';
import {readInput} from './standard-input.ts';
import {confirm} from './terminal.ts';
import {type Printing, verb} from './verb.ts';

/** In bytes; no description that can be set is longer. */
const longestInput = 96 * 1024;

const examples = `
Examples:
  holdfast repository list --namespace tools
  holdfast repository show tools/saw
  holdfast repository describe tools/saw < README.md
  holdfast repository delete tools/saw --dry-run
`;

async function list(
  options: Printing & {readonly namespace?: string},
  command: Command,
): Promise<void> {
  const {namespace} = options;
  const repositories = await everyPage(async (page) => {
    const {repositories: items, next} = await ask(command, listRepositories, {...page, namespace});
    return {items, next};
  });
  print({repositories}, options, () =>
    table(
      ['NAME', 'TAGS', 'PULLS', 'PUSHED', 'PULLED'],
      repositories.map(({name, tags, pulls, pushedAt, pulledAt}) => [
        name,
        String(tags),
        String(pulls),
        moment(pushedAt),
        moment(pulledAt),
      ]),
    ),
  );
}

async function show(name: string, options: Printing, command: Command): Promise<void> {
  const found = await ask(command, showRepository, {name});
  print(found, options, () => {
    const head = properties([
      ['name', found.name],
      ['tags', String(found.tags)],
      ['size', bytes(found.size)],
      ['pulls', String(found.pulls)],
      ['pushed', moment(found.pushedAt)],
      ['pulled', moment(found.pulledAt)],
    ]);
    return found.description === '' ? head : `${head}\n\n${found.description}`;
  });
}

async function describe(
  name: string,
  given: string | undefined,
  options: Printing,
  command: Command,
): Promise<void> {
  const described = await ask(command, describeRepository, {
    name,
    text: given ?? (await readInput('the description', longestInput)),
  });
  print(described, options, () => `described ${described.name}`);
}

async function remove(name: string, options: Removing, command: Command): Promise<void> {
  const found = await ask(command, showRepository, {name});
  const what = `${found.name} with ${found.tags} ${found.tags === 1 ? 'tag' : 'tags'}`;
  if (options.dryRun === true) {
    print(
      {name: found.name, tags: found.tags, deleted: false},
      options,
      () => `would delete ${what}`,
    );
    return;
  }
  await confirm(options, `Delete the repository ${what}? It can not be undone.`);
  await ask(command, deleteRepository, {name});
  print({name: found.name, tags: found.tags, deleted: true}, options, () => `deleted ${what}`);
}

export function repositoryCommand(repository: Command): void {
  verb(repository, 'list', 'list repositories')
    .option('--namespace <name>', 'those in it and below')
    .action(list);
  verb(repository, 'show <name>', 'show a repository').action(show);
  verb(
    repository,
    'describe <name> [text]',
    'say what it is for, in Markdown; without a text it is read from the standard input',
  ).action(describe);
  removingVerb(repository, 'delete <name>', 'delete a repository with all its tags').action(remove);
  repository.addHelpText('after', examples);
}
