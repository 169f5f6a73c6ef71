/** `holdfast namespace ...`: whose the names of repositories are, and who may see them. */
import type {Command} from 'commander';
import {
  addNamespace,
  listAllNamespaces,
  removeNamespace,
  setTeam,
  setVisibility,
  showNamespace,
} from '../auth/administration/namespaces.ts';
import {type Visibility, visibilities} from '../metadata/words.ts';
import {administer} from './administration.ts';
import {everyPage, moment, print, properties, table} from './output.ts';
import {confirm} from './terminal.ts';
import {type Destructive, type Printing, choice, destructiveVerb, verb} from './verb.ts';

const examples = `
Visibility: private (the team pulls), protected (whoever has an account), public (everybody).
The namespace / is that of names without a slash.

Examples:
  holdfast namespace create tools --team makers --visibility protected
  holdfast namespace set-visibility / public
  holdfast namespace set-team tools others
`;

interface CreateOptions extends Printing {
  readonly team: string;
  readonly visibility?: Visibility;
  readonly description?: string;
}

async function create(name: string, options: CreateOptions, command: Command): Promise<void> {
  const {team, visibility, description} = options;
  const made = await administer(command, addNamespace, {name, team, visibility, description});
  print(
    made,
    options,
    () => `made the ${made.visibility} namespace ${made.name}, owned by ${made.team}`,
  );
}

async function list(options: Printing, command: Command): Promise<void> {
  const namespaces = await everyPage(async (page) => {
    const {namespaces: items, next} = await administer(command, listAllNamespaces, page);
    return {items, next};
  });
  print({namespaces}, options, () =>
    table(
      ['NAME', 'TEAM', 'VISIBILITY', 'DESCRIPTION'],
      namespaces.map(({name, team, visibility, description}) => [
        name,
        team,
        visibility,
        description,
      ]),
    ),
  );
}

async function show(name: string, options: Printing, command: Command): Promise<void> {
  const found = await administer(command, showNamespace, {name});
  print(found, options, () =>
    properties([
      ['name', found.name],
      ['team', found.team],
      ['visibility', found.visibility],
      ['description', found.description],
      ['made', moment(found.createdAt)],
    ]),
  );
}

async function changeVisibility(
  name: string,
  visibility: Visibility,
  options: Printing,
  command: Command,
): Promise<void> {
  const changed = await administer(command, setVisibility, {name, visibility});
  print(changed, options, () => `the namespace ${changed.name} is ${changed.visibility}`);
}

async function changeTeam(
  name: string,
  team: string,
  options: Printing,
  command: Command,
): Promise<void> {
  const changed = await administer(command, setTeam, {name, team});
  print(changed, options, () => `the namespace ${changed.name} belongs to ${changed.team}`);
}

async function remove(name: string, options: Destructive, command: Command): Promise<void> {
  await confirm(options, `Delete the namespace ${JSON.stringify(name)}? Images in it stay.`);
  const gone = await administer(command, removeNamespace, {name});
  print(
    gone,
    options,
    () =>
      `deleted the namespace ${gone.name}; images in it stay on the disk, for admins and whoever has this name`,
  );
}

export function namespaceCommand(namespace: Command): void {
  verb(namespace, 'create <name>', 'make a namespace')
    .requiredOption('--team <team>', 'the team that owns it')
    .addOption(choice('--visibility <visibility>', 'who may pull', visibilities))
    .option('--description <text>', 'what it is for')
    .action(create);
  verb(namespace, 'list', 'list all namespaces').action(list);
  verb(namespace, 'show <name>', 'show a namespace').action(show);
  verb(namespace, 'set-visibility <name> <visibility>', 'tell who may pull').action(
    changeVisibility,
  );
  verb(namespace, 'set-team <name> <team>', 'give a namespace to another team').action(changeTeam);
  destructiveVerb(namespace, 'delete <name>', 'delete a namespace; images in it stay').action(
    remove,
  );
  namespace.addHelpText('after', examples);
}
