/** The account that a login at a provider would come to here, and one that stands in its way. */
import type {Command} from 'commander';
import {type UserAnswer, showUser} from '../auth/administration/users.ts';
import {AdministrationError} from '../auth/administration/administration-error.ts';
import type {Identity} from '../auth/ports.ts';
import {ConfigError} from '../config/fault.ts';
import {MetadataError} from '../metadata/metadata-error.ts';
import {nearestUserName, parseUserName} from '../oci/user-name.ts';
import {administer} from './administration.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import type {Step} from './steps.ts';

/** As they are asked where auth.order names none of them. */
const usualOrder = ['local', 'htpasswd', 'ldap', 'keystone'];

/** Why the login of a person whom the provider accepts would be refused here. `undefined`: it would not, or nobody can be asked. */
export async function accountFault(
  command: Command,
  username: string,
  identity: Identity,
): Promise<Step | undefined> {
  const {order} = loadFor(command).config.auth;
  const asked = [...new Set<string>([...order, ...usualOrder])];
  const isBefore = ({provider}: UserAnswer): boolean =>
    asked.includes(provider) && asked.indexOf(provider) < asked.indexOf(identity.provider);
  const typed = parseUserName(username);
  const known = typed && (await findAccount(command, typed));
  if (known && known.provider !== identity.provider && isBefore(known)) return othersName(known);
  // With a suffix there are other names to take.
  if (identity.nameSuffix !== undefined) return undefined;
  const name = nearestUserName(identity.username);
  if (name === undefined) return noName;
  const own = name === typed ? known : await findAccount(command, name);
  if (own && own.provider !== identity.provider) return othersName(own);
  return own?.isEnabled === false ? disabled(own) : undefined;
}

async function findAccount(command: Command, name: string): Promise<UserAnswer | undefined> {
  try {
    return await administer(command, showUser, {name});
  } catch (error) {
    const isTold = [AdministrationError, ConfigError, Failure, MetadataError].some(
      (kind) => error instanceof kind,
    );
    if (isTold) return undefined;
    throw error;
  }
}

const step = 'account';

const othersName = ({name, provider}: UserAnswer): Step => ({
  step,
  isDone: false,
  detail: `there is ${provider === 'local' ? 'a local account' : `an account from ${provider},`} ${name}: this password counts for nothing here`,
  advice: `log in as that one is asked to, or delete it: holdfast user delete ${name}`,
});

const noName: Step = {
  step,
  isDone: false,
  detail: 'no name of an account can be made of this one',
  advice: 'a name needs a letter from a to z, or a digit',
};

const disabled = ({name}: UserAnswer): Step => ({
  step,
  isDone: false,
  detail: `the account ${name} is disabled`,
  advice: `holdfast user enable ${name}`,
});
