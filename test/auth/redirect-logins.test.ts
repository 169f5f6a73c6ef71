import test from 'ava';
import {LoginUnavailable} from '../../src/auth/login-unavailable.ts';
import type {RedirectProvider} from '../../src/auth/ports.ts';
import {Outages} from '../../src/auth/outages.ts';
import {RedirectLogins} from '../../src/auth/redirect-logins.ts';
import {keptLog, never} from './workbench.ts';

test('a crowd of answers has a provider asked few things at once, and beyond that is told to come later', async (t) => {
  const open = new Set<() => void>();
  let most = 0;
  const provider: RedirectProvider = {
    id: 'corp',
    source: 'oidc:corp',
    displayName: 'Corp',
    begin: () => Promise.reject(new Error('not asked here')),
    finish: async () => {
      await new Promise<void>((resolve) => {
        open.add(resolve);
        most = Math.max(most, open.size);
      });
      return {outcome: 'invalid', why: 'junk'};
    },
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const states: boolean[] = [];
  const {log} = keptLog();
  const logins = new RedirectLogins({
    providers: [provider],
    admit: () => Promise.resolve('unknown'),
    onAccepted: () => undefined,
    outages: new Outages(log),
    metrics: {noteProvider: (_id, isUp) => states.push(isUp), countLogin: () => undefined},
  });
  const answer = {
    url: new URL('https://registry.example.org/'),
    state: 'state',
    pending: {verifier: 'verifier', nonce: 'nonce'},
    address: '192.0.2.1',
    log,
  };
  const asked = Array.from({length: 400}, () =>
    logins.finish('corp', answer, never).then(
      ({outcome}) => outcome,
      (error: unknown) => (error instanceof LoginUnavailable ? 'later' : 'failed'),
    ),
  );
  const release = setInterval(() => {
    for (const each of open) {
      open.delete(each);
      each();
    }
  });
  const outcomes = await Promise.all(asked);
  clearInterval(release);
  t.is(most, 32);
  t.is(outcomes.filter((outcome) => outcome === 'later').length, 400 - 32 - 256);
  t.is(outcomes.filter((outcome) => outcome === 'invalid').length, 32 + 256);
  t.true(states.every(Boolean), 'a crowd is no outage');
});
