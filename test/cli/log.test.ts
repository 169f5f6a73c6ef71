import {PassThrough} from 'node:stream';
import test from 'ava';
import {createLog} from '../../src/observability/log.ts';

function logged(format: 'auto' | 'json' | 'pretty', fields: Record<string, unknown>): string {
  const destination = new PassThrough();
  const log = createLog({level: 'info', format}, {destination});
  log.debug('too small');
  log.info(fields, 'manifest pushed');
  return String(destination.read());
}

test('a line is JSON with an ISO time and the level as a word, where there is no terminal', (t) => {
  const line = JSON.parse(logged('auto', {size: 5})) as Record<string, unknown>;
  t.like(line, {level: 'info', size: 5, msg: 'manifest pushed'});
  t.regex(String(line['time']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

const credential = test.macro({
  title: (_, name: string) => `${name} is in no line of the log`,
  exec(t, name: string) {
    const secret = {[name]: 'hunter2'};
    const err = Object.assign(new Error('refused'), {config: {headers: secret}});
    const fields = {...secret, request: {headers: secret}, err};
    for (const format of ['json', 'pretty'] as const) {
      const line = logged(format, fields);
      t.notRegex(line, /hunter2/);
      t.regex(line, /manifest pushed/);
    }
  },
});
test(credential, 'authorization');
test(credential, 'Authorization');
test(credential, 'proxy-authorization');
test(credential, 'cookie');
test(credential, 'set-cookie');
test(credential, 'password');

test('a token that came in a path is in no line of the log, and the rest of the path is', (t) => {
  const token = ['eyJhbGciOiJFUzI1NiJ9', 'eyJzdWIiOiJhbm5hIn0', 'c2lnbmF0dXJl'].join('.');
  const line = logged('json', {path: `/v2/a/${token}/b`, deep: {path: ['x', token]}});
  t.false(line.includes(token));
  t.like(JSON.parse(line), {path: '/v2/a/[redacted]/b', deep: {path: ['x', '[redacted]']}});
  for (const around of [`_state=${token}`, `x${token}`, `a.b.${token}`, `${token}.${token}`]) {
    t.false(logged('json', {path: around}).includes(token.slice(4)), around);
  }
});

test('what a client sends does not steer the terminal on which the log is read', (t) => {
  const hostile = {userAgent: 'a\u009B31mb', user: 'x\u202Ey', deep: {path: '\u001B[2J\u2028'}};
  for (const format of ['json', 'pretty'] as const) {
    const line = logged(format, {...hostile, err: new Error('over\u001B[1A')});
    for (const character of '\u001B\u009B\u2028\u202E') t.false(line.includes(character));
    t.true(line.includes('u009b31m'));
    t.regex(line, /manifest pushed/);
  }
});
