/** `holdfast ldap test`: a login of a directory's person, step by step, with what failed and what to change. */
import {Command} from 'commander';
import type {Identity, LoginResult} from '../auth/ports.ts';
import type {DirectoryFault} from '../auth/providers/directory-fault.ts';
import type {LdapSettings} from '../config/ldap-schema.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import {print, properties, yes} from './output.ts';
import {stderrLog} from './stderr-log.ts';
import {askPassword} from './terminal.ts';
import {type Printing, verb} from './verb.ts';

const examples = `
The exit code is 0 where the login would be accepted, and 1 where it would not. No server needs to run.

Examples:
  holdfast ldap test anna
  holdfast ldap test anna --password-stdin --json < password.txt
`;

interface TestOptions extends Printing {
  readonly passwordStdin?: true;
}

interface Step {
  readonly step: string;
  readonly isDone: boolean;
  readonly detail: string;
  /** What to change. */
  readonly advice?: string;
}

async function test(username: string, options: TestOptions, command: Command): Promise<void> {
  const {ldap: settings} = loadFor(command).config.auth;
  if (settings.urls.length === 0) {
    throw new Failure('auth.ldap.urls is not set: there is no directory to ask', {code: 2});
  }
  const password = await askPassword(options, `Password of ${JSON.stringify(username)}`);
  const {LdapProvider} = await import('../auth/providers/ldap.ts');
  const log = {...stderrLog, debug: () => undefined};
  const provider = new LdapProvider({settings, log});
  const steps: Step[] = [];
  const tell = (step: Step): void => {
    steps.push(step);
    if (options.json !== true) process.stdout.write(lineOf(step));
  };
  const result = await provider
    .trace({username, password}, new AbortController().signal, (step, detail) => {
      tell({step, isDone: true, detail});
    })
    .catch(async (error: unknown) => {
      const {DirectoryUnavailable} = await import('../auth/providers/directory-fault.ts');
      if (!(error instanceof DirectoryUnavailable)) throw error;
      for (const fault of error.faults) tell(failed(fault));
      return undefined;
    });
  const refusal = result && refusalOf(result, username, settings);
  if (refusal) tell(refusal);
  const identity = result?.outcome === 'accepted' ? result.identity : undefined;
  const isAccepted = identity !== undefined;
  if (options.json === true) print({isAccepted, steps, identity}, options, () => '');
  else if (identity) process.stdout.write(`${properties(rowsOf(identity))}\n`);
  if (!isAccepted) process.exitCode = 1;
}

const lineOf = ({step, isDone, detail, advice}: Step): string => {
  const line = `${isDone ? 'ok    ' : 'FAILED'}  ${step.padEnd(9)}  ${detail}\n`;
  return advice === undefined ? line : `${line}${' '.repeat(19)}-> ${advice}\n`;
};

const failed = ({step, url, finding, advice}: DirectoryFault): Step => ({
  step,
  isDone: false,
  detail: `${url}: ${finding}`,
  ...(advice === undefined ? {} : {advice}),
});

function refusalOf(
  {outcome}: LoginResult,
  username: string,
  {uid, base, filter}: LdapSettings,
): Step | undefined {
  switch (outcome) {
    case 'accepted':
      return undefined;
    case 'rejected':
      return {
        step: 'user bind',
        isDone: false,
        detail: 'the directory does not accept this password',
        advice: 'a wrong password, or an account that is locked or has expired there',
      };
    case 'not-accepted':
      return {
        step: 'search',
        isDone: false,
        detail: `nobody below ${base} has the ${uid} ${JSON.stringify(username)}${filter === undefined ? '' : ` and matches ${filter}`}`,
        advice: 'check auth.ldap.base, auth.ldap.uid and auth.ldap.filter; capitals count',
      };
  }
}

const rowsOf = ({username, subject, email, displayName, isAdmin, teams}: Identity) =>
  [
    ['user', username],
    ['subject', subject],
    ['name', displayName],
    ['e-mail', email],
    ['admin', isAdmin === undefined ? 'as it is here' : yes(isAdmin)],
    ['teams', teams?.map(({team, role}) => `${team} (${role})`).join(', ')],
  ] as const;

export function ldapCommand(): Command {
  const ldap = new Command('ldap').description('look at the directory whose people log in');
  verb(ldap, 'test <user>', 'try a login, and print each step')
    .option('--password-stdin', 'read the password from the standard input')
    .action(test);
  return ldap.addHelpText('after', examples);
}
