import test from 'ava';
import {nameKeeper} from '../../src/auth/names-elsewhere.ts';
import type {PasswordProvider} from '../../src/auth/ports.ts';

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
