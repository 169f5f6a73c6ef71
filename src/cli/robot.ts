/** `holdfast robot ...`: accounts for machines, each of a team. */
import {type Command, Option} from 'commander';
import {addRobot, changeRobot, listRobots, removeRobot} from '../auth/administration/robots.ts';
import {type Role, roles} from '../metadata/words.ts';
import {administer} from './administration.ts';
import {tellOnce} from './app-token.ts';
import {everyPage, moment, print, table, yes} from './output.ts';
import {confirm} from './terminal.ts';
import {type Destructive, type Printing, choice, destructiveVerb, verb} from './verb.ts';

const examples = `
Examples:
  holdfast robot create ci-makers --team makers --role contributor
  holdfast robot list --team makers
  holdfast app-token create --user ci-makers --name second       a further token
  holdfast robot change ci-makers --role viewer
  holdfast robot change ci-makers --disable                      its tokens count no more
`;

interface CreateOptions extends Printing {
  readonly team: string;
  readonly role: Role;
  readonly description?: string;
  readonly expiresIn?: string;
}

async function create(name: string, options: CreateOptions, command: Command): Promise<void> {
  const {team, role, description, expiresIn} = options;
  const input = {name, team, role, description, expiresIn};
  const made = await administer(command, addRobot, input);
  print(made, options, () => made.token);
  if (options.json !== true) tellOnce(made.expiresAt);
}

async function list(
  {team, ...options}: Printing & {readonly team?: string},
  command: Command,
): Promise<void> {
  const robots = await everyPage(async (page) => {
    const {robots: items, next} = await administer(command, listRobots, {...page, team});
    return {items, next};
  });
  print({robots}, options, () =>
    table(
      ['NAME', 'TEAM', 'ROLE', 'ENABLED', 'MADE'],
      robots.map((each) => [
        each.name,
        each.team,
        each.role,
        yes(each.isEnabled),
        moment(each.createdAt),
      ]),
    ),
  );
}

interface ChangeOptions extends Printing {
  readonly role?: Role;
  readonly description?: string;
  readonly enable?: true;
  readonly disable?: true;
}

async function change(
  name: string,
  {role, description: text, enable, disable, ...options}: ChangeOptions,
  command: Command,
): Promise<void> {
  const description = text === '' ? null : text;
  const isEnabled = enable ?? (disable === true ? false : undefined);
  const robot = await administer(command, changeRobot, {name, role, description, isEnabled});
  const state = robot.isEnabled ? '' : ', and is disabled';
  print(
    robot,
    options,
    () => `${robot.name} is ${robot.role ?? 'nothing'} in ${robot.team}${state}`,
  );
}

async function remove(name: string, options: Destructive, command: Command): Promise<void> {
  await confirm(options, `Delete the robot ${JSON.stringify(name)} with its tokens?`);
  const gone = await administer(command, removeRobot, {name});
  print(gone, options, () => `deleted the robot ${gone.name}`);
}

export function robotCommand(robot: Command): void {
  verb(robot, 'create <name>', 'make a robot, and print its first token once')
    .requiredOption('--team <team>', 'the team it works for')
    .addOption(choice('--role <role>', 'what it may there', roles).makeOptionMandatory())
    .option('--description <text>', 'what it is for')
    .option('--expires-in <time>', 'how long its token counts (default: for ever)')
    .action(create);
  verb(robot, 'list', 'list robots')
    .option('--team <team>', 'those of one team alone')
    .action(list);
  verb(robot, 'change <name>', 'change a robot')
    .addOption(choice('--role <role>', 'what it may in its team', roles))
    .option('--description <text>', 'what it is for; empty: nothing')
    .addOption(
      new Option('--enable', 'let it in again, with the tokens it has').conflicts('disable'),
    )
    .option('--disable', 'lock it out; its tokens count no more')
    .action(change);
  destructiveVerb(robot, 'delete <name>', 'delete a robot with its tokens').action(remove);
  robot.addHelpText('after', examples);
}
