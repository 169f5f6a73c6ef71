/** `holdfast auth explain`: why somebody may do something, or may not. */
import type {Command} from 'commander';
import {explainAccess} from '../auth/administration/explain.ts';
import {administer} from './administration.ts';
import {loadFor} from './configuration.ts';
import {print} from './output.ts';
import {type Printing, verb} from './verb.ts';

const examples = `
The exit code is 0 where it is allowed, and 3 where it is not. A user - is a caller without an account.

Examples:
  holdfast auth explain anna makers/tool push
  holdfast auth explain - alpine pull
`;

const refusedCode = 3;
type Action = 'pull' | 'push' | 'delete' | '*';

const withoutAccounts =
  'auth.mode is none: everybody may do everything, and accounts, teams and namespaces count for nothing';

async function explain(
  name: string,
  repository: string,
  action: Action,
  options: Printing,
  command: Command,
): Promise<void> {
  if (loadFor(command).config.auth.mode === 'none') {
    const answer = {allowed: true, rule: 'auth.mode', explanation: withoutAccounts};
    print(answer, options, () => withoutAccounts);
    return;
  }
  const user = name === '-' ? undefined : name;
  const answer = await administer(command, explainAccess, {user, repository, action});
  print(answer, options, () => {
    const decided = `${answer.explanation} (${answer.rule})`;
    return answer.advice === undefined ? decided : `${decided}\n${answer.advice}`;
  });
  if (!answer.allowed) process.exitCode = refusedCode;
}

export function authCommand(auth: Command): void {
  verb(
    auth,
    'explain <user> <repository> <action>',
    'tell whether a user may pull, push or delete, and which rule decides',
  ).action(explain);
  auth.addHelpText('after', examples);
}
