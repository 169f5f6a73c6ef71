/** A directory with anna in it, and logins there. */
import type {ExecutionContext} from 'ava';
import type {Identity, LoginResult} from '../../../src/auth/ports.ts';
import {DirectoryUnavailable} from '../../../src/auth/providers/directory-fault.ts';
import {LdapProvider} from '../../../src/auth/providers/ldap.ts';
import type {LdapSettings} from '../../../src/config/ldap-schema.ts';
import {shared} from '../../support/lifetime.ts';
import {startSlapd} from '../../support/slapd.ts';
import {keptLog, never} from '../workbench.ts';

export const password = 'correct horse';
export const programs = ['slapd'] as const;

/** With anna below ou=people, who may search nothing herself. */
export const sharedDirectory = () =>
  shared(async (life) => {
    const slapd = await startSlapd(life);
    const anna = await slapd.addPerson('anna', {password, mail: 'anna@example.org'});
    return {slapd, anna};
  });

export const provide = (settings: LdapSettings, {log} = keptLog()): LdapProvider =>
  new LdapProvider({settings, log});

export const login = async (
  settings: LdapSettings,
  username = 'anna',
  given = password,
): Promise<LoginResult> => provide(settings).login({username, password: given}, never);

export const identityOf = (result: LoginResult): Identity | undefined =>
  result.outcome === 'accepted' ? result.identity : undefined;

/** The faults of a login that could not be tried. */
export async function faultsOf(t: ExecutionContext, settings: LdapSettings) {
  const error = await t.throwsAsync(login(settings), {instanceOf: DirectoryUnavailable});
  return error.faults.map(({step, finding, advice = ''}) => ({step, finding, advice}));
}
