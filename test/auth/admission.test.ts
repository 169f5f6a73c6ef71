import test from 'ava';
import {admit} from '../../src/auth/admission.ts';
import {freshDatabase} from '../metadata/workbench.ts';
import {keptLog} from './workbench.ts';

test('where names have rights nobody gets one that is not quite his', async (t) => {
  const db = await freshDatabase(t);
  const options = {db, log: keptLog().log, now: () => 1, onChange: () => undefined};
  const nameOf = async (username: string, haveNamesRights: boolean): Promise<string> => {
    const identity = {provider: 'ldap', subject: `subject of ${username}`, username};
    const admitted = await admit({...options, haveNamesRights}, identity);
    return typeof admitted === 'string' ? admitted : admitted.name;
  };
  for (const username of ['sam!', '-sam', 'sam ', 'säm']) {
    t.regex(await nameOf(username, true), /^s?-?a?m?-?[a-z]*-[0-9a-f]{8}$/, username);
  }
  t.is(await nameOf('sam', true), 'sam');
  t.is(await nameOf('Anna.B', true), 'anna.b');
  t.is(await nameOf('dora!', false), 'dora');
});

test('where names have rights, whoever chooses his own at a provider gets that of the provider behind it', async (t) => {
  const db = await freshDatabase(t);
  const options = {db, log: keptLog().log, now: () => 1, onChange: () => undefined};
  const identity = {provider: 'oidc:corp', subject: '1', username: 'ceo', nameSuffix: 'corp'};
  const admitted = await admit({...options, haveNamesRights: true}, identity);
  t.like(admitted, {name: 'ceo-corp'});
});
