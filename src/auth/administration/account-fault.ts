/** An account that stands in the way of a login at a provider. */
import {nearestUserName, parseUserName} from '../../oci/user-name.ts';
import type {Identity} from '../ports.ts';
import type {Step} from '../providers/steps.ts';
import type {UserAnswer} from './users.ts';

type Account = Pick<UserAnswer, 'name' | 'provider' | 'isEnabled'>;

/** As they are asked where auth.order names none of them. */
const usualOrder = ['local', 'htpasswd', 'ldap', 'keystone'];

/** Why the login of a person whom the provider accepts would be refused here. `undefined`: it would not, or nobody can be asked. */
export async function accountFault(
  {
    order,
    find,
  }: {
    /** As auth.order says. */
    readonly order: readonly string[];
    readonly find: (name: string) => Promise<Account | undefined>;
  },
  username: string,
  identity: Identity,
): Promise<Step | undefined> {
  const asked = [...new Set<string>([...order, ...usualOrder])];
  const isBefore = ({provider}: Account): boolean =>
    asked.includes(provider) && asked.indexOf(provider) < asked.indexOf(identity.provider);
  const typed = parseUserName(username);
  const known = typed && (await find(typed));
  if (known && known.provider !== identity.provider && isBefore(known)) return othersName(known);
  // With a suffix there are other names to take.
  if (identity.nameSuffix !== undefined) return undefined;
  const name = nearestUserName(identity.username);
  if (name === undefined) return noName;
  const own = name === typed ? known : await find(name);
  if (own && own.provider !== identity.provider) return othersName(own);
  return own?.isEnabled === false ? disabled(own) : undefined;
}

const step = 'account';

const othersName = ({name, provider}: Account): Step => ({
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

const disabled = ({name}: Account): Step => ({
  step,
  isDone: false,
  detail: `the account ${name} is disabled`,
  advice: `holdfast user enable ${name}`,
});
