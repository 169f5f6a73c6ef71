/** `holdfast ldap test`: a login of a directory's person, step by step, with what failed and what to change. */
import type {Command} from 'commander';
import type {LoginResult} from '../auth/ports.ts';
import type {LdapSettings} from '../config/ldap-schema.ts';
import {accountFault} from './account-here.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import {print} from './output.ts';
import {stderrLog} from './stderr-log.ts';
import {newSteps, type Step} from './steps.ts';
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
  const {LdapProvider} = await import('../auth/providers/ldap.ts');
  const provider = new LdapProvider({settings, log: stderrLog});
  const steps = newSteps(options);
  const {tell} = steps;
  const tellFaults = async (error: unknown): Promise<undefined> => {
    const {DirectoryUnavailable} = await import('../auth/providers/directory-fault.ts');
    if (!(error instanceof DirectoryUnavailable)) throw error;
    for (const fault of error.faults) steps.failed(fault);
  };
  const {signal} = new AbortController();
  const result = await provider
    .trace({username, password}, signal, (step, detail, advice) => {
      tell({step, isDone: advice === undefined, detail, ...(advice === undefined ? {} : {advice})});
    })
    .catch(tellFaults);
  const isTold = steps.all.some(({isDone}) => !isDone);
  const refusal = result && !isTold ? refusalOf(result, username, settings) : undefined;
  if (refusal) tell(refusal);
  const identity = result?.outcome === 'accepted' ? result.identity : undefined;
  const {adminGroup} = settings;
  if (identity && adminGroup !== undefined) {
    const isThere = await provider.hasGroup(adminGroup, signal).catch(tellFaults);
    if (isThere === false) tell(missingAdminGroup(adminGroup, settings));
  }
  const fault = identity && (await accountFault(command, username, identity));
  if (fault) tell(fault);
  const isAccepted = identity !== undefined && fault === undefined;
  if (options.json === true) print({isAccepted, steps: steps.all, identity}, options, () => '');
  else if (isAccepted) await printWho(identity, options, command);
  if (!isAccepted) process.exitCode = 1;
}

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

const missingAdminGroup = (group: string, {groups, base}: LdapSettings): Step => ({
  step: 'admins',
  isDone: false,
  detail: group.includes('=')
    ? `there is no group ${group}, and so nobody is an admin by it`
    : `there is no group ${JSON.stringify(group)} below ${groups.base ?? base}, and so nobody is an admin by it`,
  advice: 'check auth.ldap.adminGroup: the name of a group, or its whole DN',
});

export function ldapCommand(ldap: Command): void {
  verb(ldap, 'test <user>', 'try a login, and print each step')
    .option('--password-stdin', 'read the password from the standard input')
    .action(test);
  ldap.addHelpText('after', examples);
}
