/** Accounts that change in the middle of a login. */
import test from 'ava';
import {findLoginToken} from '../../src/auth/account-source.ts';
import {admit} from '../../src/auth/admission.ts';
import {openGenerations} from '../../src/auth/generations.ts';
import {PasswordHasher} from '../../src/auth/password-hash.ts';
import {LocalProvider} from '../../src/auth/providers/local.ts';
import {createSecretToken} from '../../src/auth/secret-token.ts';
import {
  createApplicationToken,
  deleteApplicationToken,
} from '../../src/metadata/application-tokens.ts';
import {findUserWithPassword, raiseGeneration, setPassword} from '../../src/metadata/users.ts';
import {freshDatabase, now, person} from '../metadata/workbench.ts';
import {frame, keptLog} from './workbench.ts';

const hasher = new PasswordHasher();

test('a password that is changed while it is checked gives a login that counts for nothing', async (t) => {
  const db = await freshDatabase(t);
  const {id} = await person(db, 'anna', {passwordHash: await hasher.hash('correct horse')});
  const next = await hasher.hash('battery staple');
  const {log} = keptLog();
  const provider = new LocalProvider({
    hasher,
    log,
    findByName: async (name) => {
      const found = await findUserWithPassword(db, name);
      await setPassword(db, {id, passwordHash: next, now});
      return found;
    },
  });
  const admission = {db, log, now: () => now, onChange: () => undefined};
  const {login} = frame(t, [provider], {admit: async (identity) => admit(admission, identity)});
  const answer = await login('anna', 'correct horse');
  const generations = await openGenerations({db, log, onChange: () => undefined});
  t.teardown(async () => generations.close());
  const holder = answer.outcome === 'accepted' ? answer.account : {generation: 0};
  t.false(await generations.isCurrent({accountId: id, generation: holder.generation}));
});

test('an application token that is deleted while it is looked up is none', async (t) => {
  const db = await freshDatabase(t);
  const {id: userId} = await person(db, 'anna');
  const {id, hash} = createSecretToken('application');
  await createApplicationToken(db, {id, userId, name: 'x', hash, isPullOnly: false, now});
  let questions = 0;
  const watched = db.withPlugin({
    transformQuery: ({node}) => node,
    transformResult: async ({result}) => {
      questions += 1;
      if (questions > 1) return result;
      await deleteApplicationToken(db, {id, userId});
      await raiseGeneration(db, {id: userId, now});
      return result;
    },
  });
  t.is(await findLoginToken(watched, 'anna', id), undefined);
  t.is(questions, 2);
});
