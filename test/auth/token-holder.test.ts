import test from 'ava';
import {holderOf} from '../../src/auth/token-holder.ts';
import type {VerifiedToken} from '../../src/auth/verified-token.ts';
import {raiseGeneration} from '../../src/metadata/users.ts';
import {setEnabled} from '../../src/metadata/accounts.ts';
import {freshDatabase, now, person} from '../metadata/workbench.ts';

const tokenOf = (accountId: string, generation: number): VerifiedToken => ({
  id: 'a token',
  subject: 'anna',
  audience: 'holdfast',
  accountId,
  generation,
  access: [],
  notBefore: new Date(now),
  issuedAt: new Date(now),
  expiresAt: new Date(now + 1),
});

test('the holder of a token is who he was when it was issued, or nobody', async (t) => {
  const db = await freshDatabase(t);
  const {id, generation} = await person(db, 'anna');
  t.like(await holderOf(db, tokenOf(id, generation)), {kind: 'account', name: 'anna'});
  t.is(await holderOf(db, tokenOf('nobody', generation)), undefined);
  await raiseGeneration(db, {id, now});
  t.is(await holderOf(db, tokenOf(id, generation)), undefined);
  t.like(await holderOf(db, tokenOf(id, generation + 1)), {name: 'anna'});
  await setEnabled(db, {id, isEnabled: false, now});
  t.is(await holderOf(db, tokenOf(id, generation + 2)), undefined);
});
