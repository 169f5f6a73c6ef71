/** Who may ask for which operation. */
import test, {type ExecutionContext} from 'ava';
import {type Actor, operator} from '../../src/auth/administration/actor.ts';
import {operations} from '../../src/auth/administration/operations.ts';
import {freshDatabase, person} from '../metadata/workbench.ts';
import {contextOf} from './administration-context.ts';
import {account} from './workbench.ts';

const limits = {isPullOnly: true};
/** Three that anna may ask for about herself, in an order in which they can be done. */
const own = ['app-token create', 'app-token list', 'app-token delete'] as const;

async function asked(t: ExecutionContext) {
  const context = contextOf(await freshDatabase(t));
  for (const name of ['anna', 'bert', 'ci']) await person(context.db, name);
  return async (actor: Actor, name: string, input: object): Promise<string> => {
    try {
      await operations.get(name)?.perform(context, actor, input);
      return 'done';
    } catch (error) {
      return String((error as {code?: unknown}).code);
    }
  };
}

const inputOf = (name: string, user: string) =>
  name === 'app-token list' ? {user} : {user, name: 'laptop'};

test('everybody may see, make and revoke application tokens of his own, and of nobody else', async (t) => {
  const ask = await asked(t);
  for (const name of own) {
    t.is(await ask(account('anna'), name, inputOf(name, 'bert')), 'denied', name);
    t.is(await ask(account('anna'), name, inputOf(name, 'anna')), 'done', name);
  }
});

test('a robot and a token with limits rule nothing, not even what is their own', async (t) => {
  const ask = await asked(t);
  for (const name of own) {
    for (const actor of [account('ci', {isRobot: true}), account('ci', {limits})]) {
      t.is(await ask(actor, name, inputOf(name, 'ci')), 'denied', name);
    }
  }
  t.is(await ask(account('anna', {isAdmin: true, limits}), 'user list', {}), 'denied');
});

test('the operator and an admin may ask for all of it', async (t) => {
  const ask = await asked(t);
  for (const actor of [operator, account('anna', {isAdmin: true})]) {
    t.is(await ask(actor, 'user list', {}), 'done');
    for (const name of own) t.is(await ask(actor, name, inputOf(name, 'bert')), 'done', name);
  }
});

for (const name of operations.keys()) {
  test(`${name} is refused to who is no admin, whatever he says`, async (t) => {
    const ask = await asked(t);
    for (const input of [{}, {user: 'bert'}, {name: 'bert'}, {name: 'bert', user: 'bert'}]) {
      t.regex(await ask(account('anna'), name, input), /^(?:denied|invalid)$/);
    }
  });
}
