/** Somebody changes his own password. */
import {setPassword} from '../metadata/users.ts';
import type {AdministrationContext} from './administration/context.ts';
import type {Account} from './caller.ts';

/**
 * For whoever has just shown the former one. Ends what was issued before, application tokens excepted. False: the account was changed
 * meanwhile, perhaps because the former password is a thief's.
 */
export async function setOwnPassword(
  {db, hasher, now, onChange}: Pick<AdministrationContext, 'db' | 'hasher' | 'now' | 'onChange'>,
  {id, generation}: Pick<Account, 'id' | 'generation'>,
  password: string,
): Promise<boolean> {
  const passwordHash = await hasher.hash(password);
  const change = {id, generation, passwordHash, now: now().getTime()};
  const isChanged = await setPassword(db, change);
  if (isChanged) onChange();
  return isChanged;
}
