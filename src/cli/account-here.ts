/** The account that a login at a provider would come to here, and one that stands in its way. */
import type {Command} from 'commander';
import {type UserAnswer, showUser} from '../auth/administration/users.ts';
import {accountFault as faultOf} from '../auth/administration/account-fault.ts';
import {AdministrationError} from '../auth/administration/administration-error.ts';
import type {Identity} from '../auth/ports.ts';
import type {Step} from '../auth/providers/steps.ts';
import {ConfigError} from '../config/fault.ts';
import {MetadataError} from '../metadata/metadata-error.ts';
import {administer} from './administration.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';

/** Why the login of a person whom the provider accepts would be refused here. `undefined`: it would not, or nobody can be asked. */
export async function accountFault(
  command: Command,
  username: string,
  identity: Identity,
): Promise<Step | undefined> {
  const {order} = loadFor(command).config.auth;
  const find = async (name: string) => findAccount(command, name);
  return faultOf({order, find}, username, identity);
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
