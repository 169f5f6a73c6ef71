/** `holdfast app-token ...`: secrets that work as the password of their user. */
import type {Command} from 'commander';
import {createToken, deleteToken, listTokens} from '../auth/administration/application-tokens.ts';
import {administer} from './administration.ts';
import {moment, print, table, yes} from './output.ts';
import {confirm} from './terminal.ts';
import {type Destructive, type Printing, collect, destructiveVerb, verb} from './verb.ts';

const examples = `
Examples:
  holdfast app-token create --user anna --name laptop
  holdfast app-token create --user anna --name ci --expires-in 90d --namespace tools --pull-only
  holdfast app-token list --user anna
  holdfast app-token delete --user anna --name laptop

The token is printed once. It is used as the password: docker login -u anna
`;

interface Named {
  readonly user: string;
  readonly name: string;
}

interface CreateOptions extends Named, Printing {
  readonly expiresIn?: string;
  readonly namespace?: string[];
  readonly pullOnly?: true;
}

async function create(options: CreateOptions, command: Command): Promise<void> {
  const {user, name, expiresIn, namespace: namespaces, pullOnly} = options;
  const input = {user, name, expiresIn, namespaces, isPullOnly: pullOnly === true};
  const made = await administer(command, createToken, input);
  // Alone on its line: it can be piped on.
  print(made, options, () => made.token);
  if (options.json !== true) tellOnce(made.expiresAt);
}

/** Beside the token, which is all that the standard output has. */
export function tellOnce(expiresAt: string | undefined): void {
  const life =
    expiresAt === undefined ? 'it never expires' : `it expires ${moment(expiresAt) ?? ''}`;
  process.stderr.write(`the token is shown this once; ${life}\n`);
}

async function list(
  {user, ...options}: Printing & {readonly user: string},
  command: Command,
): Promise<void> {
  const {tokens} = await administer(command, listTokens, {user});
  print({tokens}, options, () =>
    table(
      ['NAME', 'NAMESPACES', 'PULL ONLY', 'EXPIRES', 'LAST USED'],
      tokens.map(({name, namespaces, isPullOnly, expiresAt, lastUsedAt}) => [
        name,
        namespaces?.join(' ') ?? 'all',
        yes(isPullOnly),
        moment(expiresAt) ?? 'never',
        moment(lastUsedAt),
      ]),
    ),
  );
}

async function remove(
  {user, name, ...options}: Named & Destructive,
  command: Command,
): Promise<void> {
  await confirm(options, `Delete the token ${JSON.stringify(name)} of ${JSON.stringify(user)}?`);
  const gone = await administer(command, deleteToken, {user, name});
  print(gone, options, () => `deleted the token ${gone.name} of ${user}`);
}

export function appTokenCommand(token: Command): void {
  const user = ['--user <user>', 'whose it is, a robot too'] as const;
  const name = ['--name <name>', 'how it is called in lists'] as const;
  verb(token, 'create', 'make a token, and print it once')
    .requiredOption(...user)
    .requiredOption(...name)
    .option('--expires-in <time>', 'how long it counts, such as 12h or 90d (default: for ever)')
    .option('--namespace <name>', 'a namespace it is good for; may be repeated', collect)
    .option('--pull-only', 'good for pulls alone')
    .action(create);
  verb(token, 'list', "list a user's tokens")
    .requiredOption(...user)
    .action(list);
  destructiveVerb(token, 'delete', 'delete a token; ends what is logged in as its user')
    .requiredOption(...user)
    .requiredOption(...name)
    .action(remove);
  token.addHelpText('after', examples);
}
