/** `holdfast ldap test`: a login of a directory's person, step by step, with what failed and what to change. */
import type {Command} from 'commander';
import {accountFault} from './account-here.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import {print} from './output.ts';
import {stderrLog} from './stderr-log.ts';
import {printedSteps} from './steps.ts';
import {askPassword} from './terminal.ts';
import {type Printing, verb} from './verb.ts';
import {printWho} from './who.ts';

const examples = `
The exit code is 0 where the login would be accepted, and 1 where it would not. No server needs to run.

Examples:
  holdfast ldap test anna
  holdfast ldap test anna --password-stdin --json < password.txt
`;

interface TestOptions extends Printing {
  readonly passwordStdin?: true;
}

async function test(username: string, options: TestOptions, command: Command): Promise<void> {
  const {ldap: settings} = loadFor(command).config.auth;
  if (settings.urls.length === 0) {
    throw new Failure('auth.ldap.urls is not set: there is no directory to ask', {code: 2});
  }
  const password = await askPassword(options, `Password of ${JSON.stringify(username)}`);
  const {tryLdap} = await import('../auth/providers/try-ldap.ts');
  const steps = printedSteps(options);
  const {signal} = new AbortController();
  const credentials = {username, password};
  const identity = await tryLdap({settings, steps, credentials, signal, log: stderrLog});
  const fault = identity && (await accountFault(command, username, identity));
  if (fault) steps.tell(fault);
  const isAccepted = identity !== undefined && fault === undefined;
  if (options.json === true) print({isAccepted, steps: steps.all, identity}, options, () => '');
  else if (isAccepted) await printWho(identity, options, command);
  if (!isAccepted) process.exitCode = 1;
}

export function ldapCommand(ldap: Command): void {
  verb(ldap, 'test <user>', 'try a login, and print each step')
    .option('--password-stdin', 'read the password from the standard input')
    .action(test);
  ldap.addHelpText('after', examples);
}
