/** `holdfast user ...`: the accounts of people. */
import type {Command} from 'commander';
import {
  type UserAnswer,
  changeAdmin,
  changePassword,
  createUser,
  disableUser,
  enableUser,
  listAllUsers,
  removeUser,
  showUser,
  unlockUser,
} from '../auth/administration/users.ts';
import {adminSources} from '../config/admin-sources.ts';
import {administer} from './administration.ts';
import {loadFor} from './configuration.ts';
import {everyPage, moment, print, properties, table, yes} from './output.ts';
import {confirm, readPassword} from './terminal.ts';
import {type Destructive, type Printing, destructiveVerb, verb} from './verb.ts';

const examples = `
Examples:
  holdfast user create anna                         asks for the password; the first account is the admin
  holdfast user create bert --password-stdin < bert.password
  holdfast user disable bert                        ends his sessions and tokens within a second
  holdfast user admin anna --off
  holdfast user list --json
`;

interface CreateOptions extends Printing {
  readonly admin?: true;
  readonly displayName?: string;
  readonly email?: string;
  readonly passwordStdin?: true;
}

interface PasswordOptions extends Printing {
  readonly passwordStdin?: true;
}

const passwordStdin = [
  '--password-stdin',
  'read the password from the standard input, one line',
] as const;

async function create(name: string, options: CreateOptions, command: Command): Promise<void> {
  const {admin, displayName, email} = options;
  const password = await readPassword(options, `Password for ${JSON.stringify(name)}`);
  const person = {name, password, isAdmin: admin === true, displayName, email};
  // In the wrong directory it is the account of another registry.
  let place = '';
  const made = await administer(command, createUser, person, (reason, directory) => {
    place = ` (${reason}; in ${directory})`;
  });
  const kind = made.isAdmin ? 'admin' : 'user';
  print(
    made,
    options,
    () => `made the ${kind} ${made.name}, with the namespace ${made.name}/${place}`,
  );
}

async function list(options: Printing, command: Command): Promise<void> {
  const users = await everyPage(async (page) => {
    const {users: items, next} = await administer(command, listAllUsers, page);
    return {items, next};
  });
  const toRow = (each: UserAnswer) => [
    each.name,
    yes(each.isAdmin),
    yes(each.isEnabled),
    each.provider,
    moment(each.lastLoginAt),
  ];
  print({users}, options, () =>
    users.length === 0
      ? nobodyYet(command)
      : table(['NAME', 'ADMIN', 'ENABLED', 'FROM', 'LAST LOGIN'], users.map(toRow)),
  );
}

function nobodyYet(command: Command): string {
  const sources = adminSources(loadFor(command).config.auth);
  return sources.length === 0
    ? 'there is no user yet: holdfast user create NAME'
    : `there is no user yet: people get their accounts with their first login, and admins come from ${sources.join(' and ')}`;
}

async function show(name: string, options: Printing, command: Command): Promise<void> {
  const user = await administer(command, showUser, {name});
  print(user, options, () =>
    properties([
      ['name', user.name],
      ['display name', user.displayName],
      ['email', user.email],
      ['kind', user.isRobot ? 'robot' : user.isAdmin ? 'admin' : 'user'],
      ['enabled', yes(user.isEnabled)],
      ['from', user.provider],
      ['made', moment(user.createdAt)],
      ['last login', moment(user.lastLoginAt)],
      ['teams', user.teams.map((team) => `${team.name} (${team.role})`).join(', ')],
      ['application tokens', String(user.tokens)],
    ]),
  );
}

async function password(name: string, options: PasswordOptions, command: Command): Promise<void> {
  const text = await readPassword(options, `New password for ${JSON.stringify(name)}`);
  const user = await administer(command, changePassword, {name, password: text});
  print(user, options, () => `${user.name} has a new password; what was logged in is no more`);
}

async function admin(
  name: string,
  options: Printing & {readonly off?: true},
  command: Command,
): Promise<void> {
  const isAdmin = options.off !== true;
  const user = await administer(command, changeAdmin, {name, isAdmin});
  print(user, options, () => `${user.name} is ${isAdmin ? 'an admin' : 'no admin any more'}`);
}

async function disable(name: string, options: Destructive, command: Command): Promise<void> {
  await confirm(options, `Disable ${JSON.stringify(name)}, and end what is logged in?`);
  const user = await administer(command, disableUser, {name});
  print(user, options, () => `${user.name} is disabled`);
}

async function enable(name: string, options: Printing, command: Command): Promise<void> {
  const user = await administer(command, enableUser, {name});
  print(user, options, () => `${user.name} is enabled`);
}

async function unlock(name: string, options: Printing, command: Command): Promise<void> {
  const user = await administer(command, unlockUser, {name});
  const what = user.wasLocked ? 'may log in again' : 'was not locked';
  print(user, options, () => `${user.name} ${what}`);
}

async function remove(
  name: string,
  options: Destructive & {readonly deleteNamespaces?: true},
  command: Command,
): Promise<void> {
  const namespaces = options.deleteNamespaces === true ? 'delete' : 'keep';
  await confirm(options, `Delete the user ${JSON.stringify(name)} with all tokens?`);
  const user = await administer(command, removeUser, {name, namespaces});
  const {name: gone, namespaceOf} = user;
  print(user, options, () => {
    if (namespaces === 'delete')
      return `deleted ${gone} and the namespace ${gone}/; images in it stay on the disk`;
    return namespaceOf === undefined
      ? `deleted ${gone}`
      : `deleted ${gone}; the namespace ${gone}/ belongs to the team ${namespaceOf} now: holdfast namespace delete ${gone} frees the name`;
  });
}

export function userCommand(user: Command): void {
  verb(user, 'create <name>', 'make a user; the first one is the admin')
    .option('--admin', 'make an admin')
    .option('--display-name <text>', 'the name that people read')
    .option('--email <address>', 'where mail reaches the user')
    .option(...passwordStdin)
    .action(create);
  verb(user, 'list', 'list all users').action(list);
  verb(user, 'show <name>', 'show a user with teams').action(show);
  destructiveVerb(user, 'disable <name>', 'lock a user out, robots too; nothing is lost').action(
    disable,
  );
  verb(user, 'enable <name>', 'let a disabled user in again').action(enable);
  verb(user, 'unlock <name>', 'let a user log in again after too many wrong passwords').action(
    unlock,
  );
  verb(user, 'password <name>', 'set a new password; ends what is logged in')
    .option(...passwordStdin)
    .action(password);
  verb(user, 'admin <name>', 'make a user an admin')
    .option('--off', 'make an admin a user again')
    .action(admin);
  destructiveVerb(user, 'delete <name>', 'delete a user with all tokens')
    .option('--delete-namespaces', 'delete the personal namespaces, too; images stay on the disk')
    .action(remove);
  user.addHelpText('after', examples);
}
