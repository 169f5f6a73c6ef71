/** What a directory says to the password of somebody whom it lets in no more. */
import test from 'ava';
import {base} from '../../support/slapd.ts';
import {fakeDirectory} from '../../support/fake-directory.ts';
import {keptLog, never} from '../workbench.ts';
import {faultsOf, password, provide} from './ldap-workbench.ts';

const anna = {[`uid=anna,${base}`]: {uid: ['anna'], entryUUID: ['of anna']}};

/** Answers so to anna's password. */
const answering = (code: number, text: string) => ({
  bind: (): readonly [number, string] => [code, text],
  search: () => anna,
});

for (const [code, text] of [
  [19, 'Exceed password retry limit. Please try later.'],
  [32, 'no such entry'],
  [48, 'inappropriate authentication'],
  [49, '80090308: LdapErr: DSID-0C09, comment: AcceptSecurityContext error, data 775, v2580'],
  [50, 'insufficient access'],
  [53, 'Account inactivated. Contact system administrator.'],
] as const) {
  test(`a directory that answers ${code} to a password refuses one person, and is there for the others`, async (t) => {
    const settings = await fakeDirectory(t, answering(code, text));
    const log = keptLog();
    const told: string[] = [];
    const result = await provide(settings, log).trace(
      {username: 'anna', password},
      never,
      (step, detail, advice = '') => void told.push(`${step}: ${detail} (${advice})`),
    );
    t.deepEqual(result, {outcome: 'rejected', reason: 'bad-credentials'});
    const line = log.lines.find(({message}) => message === 'the directory refuses');
    t.is(line?.fields['username'], 'anna');
    const why = code === 49 ? 'the account is locked' : text;
    t.true(String(line?.fields['reason']).includes(why));
    const last = told.at(-1) ?? '';
    t.true(last.startsWith('user bind: ') && last.includes(why), last);
    t.regex(last, /look at the account/);
  });
}

test('a directory that is busy, or wants another connection, is no wrong password', async (t) => {
  for (const code of [8, 13, 51, 52]) {
    const [fault] = await faultsOf(t, await fakeDirectory(t, answering(code, 'not now')));
    t.is(fault?.step, 'user bind', String(code));
  }
});
