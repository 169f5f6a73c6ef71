/** A login of a directory's person, step by step, with what failed and what to change. */
import type {LdapSettings} from '../../config/ldap-schema.ts';
import type {Log} from '../../observability/log.ts';
import type {Credentials, Identity, LoginResult} from '../ports.ts';
import {DirectoryUnavailable} from './directory-fault.ts';
import {LdapProvider} from './ldap.ts';
import type {Step, Steps} from './steps.ts';

interface TryOptions {
  readonly settings: LdapSettings;
  readonly steps: Steps;
  /** Absent: nobody logs in. */
  readonly credentials: Credentials | undefined;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** `undefined`: nobody has logged in. Rejects with a ConfigError where the CA file can't be read, and with the signal's reason. */
export async function tryLdap({
  settings,
  steps,
  credentials,
  signal,
  log,
}: TryOptions): Promise<Identity | undefined> {
  const provider = new LdapProvider({settings, log});
  const tellFaults = (error: unknown): undefined => {
    if (!(error instanceof DirectoryUnavailable)) throw error;
    for (const fault of error.faults) steps.failed(fault);
  };
  const trace = (step: string, detail: string, advice?: string): void => {
    const more = advice === undefined ? {} : {advice};
    steps.tell({step, isDone: advice === undefined, detail, ...more});
  };
  if (!credentials) {
    await provider.probe(signal, trace).catch(tellFaults);
    return undefined;
  }
  const {username} = credentials;
  const result = await provider.trace(credentials, signal, trace).catch(tellFaults);
  const isTold = steps.all.some(({isDone}) => !isDone);
  const refusal = result && !isTold ? refusalOf(result, username, settings) : undefined;
  if (refusal) steps.tell(refusal);
  const identity = result?.outcome === 'accepted' ? result.identity : undefined;
  const {adminGroup} = settings;
  if (identity && adminGroup !== undefined) {
    const isThere = await provider.hasGroup(adminGroup, signal).catch(tellFaults);
    if (isThere === false) steps.tell(missingAdminGroup(adminGroup, settings));
  }
  return identity;
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
