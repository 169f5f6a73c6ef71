/** Somebody changes his own password. */
import {insertActivities} from '../metadata/activities.ts';
import {changing} from '../metadata/revisions.ts';
import {setPassword} from '../metadata/users.ts';
import {type Origin, ofOwn} from './activities/origin.ts';
import type {AdministrationContext} from './administration/context.ts';
import type {Account} from './caller.ts';

/**
 * For whoever has just shown the former one. Ends what was issued before, application tokens excepted. False: the account was changed
 * meanwhile, perhaps because the former password is a thief's.
 */
export async function setOwnPassword(
  {db, hasher, now, onChange}: Pick<AdministrationContext, 'db' | 'hasher' | 'now' | 'onChange'>,
  owner: Pick<Account, 'id' | 'name' | 'isRobot' | 'generation'>,
  {password, origin}: {readonly password: string; readonly origin: Origin | undefined},
): Promise<boolean> {
  const {id, generation} = owner;
  const passwordHash = await hasher.hash(password);
  const at = now().getTime();
  const isChanged = await changing(db, async (turn) => {
    const isSet = await setPassword(turn, {id, generation, passwordHash, now: at});
    const changed = ofOwn(owner, {at, key: 'user.change_password', origin});
    if (isSet) await insertActivities(turn, [changed]);
    return isSet;
  });
  if (isChanged) onChange();
  return isChanged;
}
