import test from 'ava';
import {configSchema} from '../../src/config/schema.ts';
import {nameFinder, nameKeeper} from '../../src/auth/names-elsewhere.ts';
import type {PasswordProvider} from '../../src/auth/ports.ts';
import {keptLog} from './workbench.ts';

const provider = (more: Partial<PasswordProvider>): PasswordProvider => ({
  id: 'ldap',
  displayName: 'LDAP',
  login: () => Promise.resolve({outcome: 'not-accepted'}),
  check: () => Promise.resolve(),
  close: () => Promise.resolve(),
  ...more,
});

test('a name is kept free for whoever has it in a directory, or may have it there', async (t) => {
  const says = (isTaken: boolean) => provider({hasName: () => Promise.resolve(isTaken)});
  const away = provider({hasName: () => Promise.reject(new Error('away'))});
  const mute = provider({id: 'keystone'});
  const near = provider({id: 'local'});
  for (const [providers, expected] of [
    [[near], 'free'],
    [[near, says(false)], 'free'],
    [[says(true), says(false)], 'taken'],
    [[says(false), away], 'unknown'],
    [[away, says(true)], 'taken'],
    [[mute], 'unknown'],
  ] as const) {
    t.is(await nameKeeper(providers)()('ceo'), expected);
  }
});

test('whoever could not be asked about one name is not waited for with the next', async (t) => {
  let asked = 0;
  const away = provider({
    hasName: () => {
      asked += 1;
      return Promise.reject(new Error('away'));
    },
  });
  const keeper = nameKeeper([away]);
  const judge = keeper();
  for (const name of ['anna', 'anna-corp', 'anna-corp-2']) t.is(await judge(name), 'unknown');
  t.is(asked, 1);
  t.is(await keeper()('anna'), 'unknown');
  t.is(asked, 2);
});

test('the names that StarlingX gives rights to are those of Keystone, which need not be asked', async (t) => {
  const keystone = {url: 'https://keystone.example.org/v3'};
  const namespaces = {policy: 'starlingx'};
  const find = (settings: object, name: string) => {
    const {log} = keptLog();
    return nameFinder(configSchema.parse(settings), [], log)(name);
  };
  for (const name of ['admin', 'sysinv']) {
    t.deepEqual(await find({namespaces, auth: {keystone}}, name), {
      source: 'Keystone',
      isCertain: true,
    });
    t.is(await find({namespaces}, name), undefined);
    t.is(await find({auth: {keystone}}, name), undefined);
  }
  t.is(await find({namespaces, auth: {keystone}}, 'anna'), undefined);
});
