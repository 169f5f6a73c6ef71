/** `holdfast keystone test`: the way to a Keystone and a login there, step by step, with what failed and what to change. */
import type {Command} from 'commander';
import {areDone} from '../auth/providers/steps.ts';
import {accountFault} from './account-here.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import {print} from './output.ts';
import {printedSteps} from './steps.ts';
import {askPassword} from './terminal.ts';
import {type Printing, verb} from './verb.ts';
import {printWho} from './who.ts';

const examples = `
Without a user nobody logs in: the connection, the version and the service credential are tested.
The exit code is 0 where all of it would do, and 1 where it would not. No server needs to run.

Examples:
  holdfast keystone test
  holdfast keystone test anna
  holdfast keystone test anna@corp --password-stdin --json < password.txt
`;

interface TestOptions extends Printing {
  readonly passwordStdin?: true;
}

async function test(
  username: string | undefined,
  options: TestOptions,
  command: Command,
): Promise<void> {
  const {url, ...others} = loadFor(command).config.auth.keystone;
  if (url === undefined) {
    throw new Failure('auth.keystone.url is not set: there is no Keystone to ask', {code: 2});
  }
  const settings = {...others, url};
  const credentials =
    username === undefined
      ? undefined
      : {
          username,
          password: await askPassword(options, `Password of ${JSON.stringify(username)}`),
        };
  const {tryKeystone} = await import('../auth/providers/try-keystone.ts');
  const steps = printedSteps(options);
  const {signal} = new AbortController();
  const identity = await tryKeystone({settings, steps, credentials, signal});
  const fault =
    identity && username !== undefined
      ? await accountFault(command, username, identity)
      : undefined;
  if (fault) steps.tell(fault);
  const isAccepted = areDone(steps);
  if (options.json === true) print({isAccepted, steps: steps.all, identity}, options, () => '');
  else if (identity && isAccepted) await printWho(identity, options, command);
  if (!isAccepted) process.exitCode = 1;
}

export function keystoneCommand(keystone: Command): void {
  verb(keystone, 'test [user]', 'try the connection, and a login; print each step')
    .option('--password-stdin', 'read the password from the standard input')
    .action(test);
  keystone.addHelpText('after', examples);
}
