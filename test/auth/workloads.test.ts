/** The keys of an issuer: found by themselves when they change, and not asked for whenever somebody likes. */
import test, {type ExecutionContext} from 'ava';
import {Outages} from '../../src/auth/outages.ts';
import {Workloads} from '../../src/auth/workloads.ts';
import {workloadSettings} from '../../src/config/oidc-schema.ts';
import {type Issuer, newSigningKey, type SigningKey, startIssuer} from '../support/issuer.ts';
import {account, keptLog, never} from './workbench.ts';

interface Frame {
  readonly issuer: Issuer;
  readonly workloads: Workloads;
  readonly outcome: (key?: SigningKey) => Promise<string>;
}

async function frame(t: ExecutionContext, cooldown?: number): Promise<Frame> {
  const issuer = await startIssuer(t);
  const rule = {audience: 'registry', claims: {project: 'a/*'}, robot: 'ci', timeout: '20s'};
  const workloads = new Workloads({
    rules: workloadSettings.parse([{...rule, issuer: issuer.url, caFile: issuer.caFile}]),
    findRobot: (name) =>
      Promise.resolve({account: account(name, {isRobot: true}), isEnabled: true}),
    outages: new Outages(keptLog().log),
    now: () => new Date(),
    ...(cooldown === undefined ? {} : {cooldown}),
  });
  return {
    issuer,
    workloads,
    outcome: async (key) => {
      const password = await issuer.sign({aud: 'registry', project: 'a/b'}, key);
      return (await workloads.check({username: 'ci', password}, never)).outcome;
    },
  };
}

test('a key that is new is found, and one that is gone counts no more', async (t) => {
  const {issuer, outcome} = await frame(t, 0);
  t.is(await outcome(), 'verified');
  const second = await newSigningKey('second');
  t.is(await outcome(second), 'wrong');
  issuer.keys = [second];
  t.is(await outcome(second), 'verified');
  t.is(await outcome(), 'wrong');
});

test('tokens of unknown keys do not make it ask the issuer again and again', async (t) => {
  const {issuer, outcome} = await frame(t);
  t.is(await outcome(), 'verified');
  const strange = await newSigningKey('strange');
  for (let count = 0; count < 20; count += 1) t.is(await outcome(strange), 'wrong');
  t.is(issuer.asked.get('/keys'), 1);
  t.is(issuer.asked.get('/.well-known/openid-configuration'), 1);
});

test('a key of the issuer that can not be used lets nobody in, and is no fault of ours', async (t) => {
  const {issuer, workloads} = await frame(t, 0);
  const token = await issuer.sign({aud: 'registry', project: 'a/b'});
  issuer.keys = [{...issuer.key, publicKey: {...issuer.key.publicKey, x: 'AAAA'}}];
  const checked = await workloads.check({username: 'ci', password: token}, never);
  t.is(checked.outcome, 'wrong');
});

test('what is no ID token is a password like any other, and without rules everything is', async (t) => {
  const {issuer, workloads} = await frame(t);
  const token = await issuer.sign({});
  t.true(workloads.looksLikeOne(token));
  t.true(workloads.looksLikeOne(`${token}\n`));
  for (const text of ['', 'eyJ', 'correct horse', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30']) {
    t.false(workloads.looksLikeOne(text), text);
  }
  const none = new Workloads({
    rules: [],
    findRobot: () => Promise.resolve(undefined),
    outages: new Outages(keptLog().log),
    now: () => new Date(),
  });
  t.false(none.looksLikeOne(token));
});
