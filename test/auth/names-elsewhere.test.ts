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
  const says = (isTaken: boolean) =>
    provider({trustFor: 1, hasName: () => Promise.resolve(isTaken)});
  const away = provider({trustFor: 1, hasName: () => Promise.reject(new Error('away'))});
  const mute = provider({id: 'keystone', trustFor: 1});
  const near = provider({id: 'local'});
  for (const [providers, expected] of [
    [[near], false],
    [[near, says(false)], false],
    [[says(true), says(false)], true],
    [[says(false), away], true],
    [[mute], true],
  ] as const) {
    t.is(await nameKeeper(providers)('ceo'), expected);
  }
});

test('the names that StarlingX gives rights to are those of Keystone, which need not be asked', async (t) => {
  const keystone = {url: 'https://keystone.example.org/v3'};
  const namespaces = {policy: 'starlingx'};
  const find = (settings: object, name: string) => {
    const {log} = keptLog();
    return nameFinder(configSchema.parse(settings), [], log)(name);
  };
  for (const name of ['admin', 'sysinv']) {
    t.is(await find({namespaces, auth: {keystone}}, name), 'Keystone');
    t.is(await find({namespaces}, name), undefined);
    t.is(await find({auth: {keystone}}, name), undefined);
  }
  t.is(await find({namespaces, auth: {keystone}}, 'anna'), undefined);
});
