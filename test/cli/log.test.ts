import {PassThrough} from 'node:stream';
import test from 'ava';
import {createLog} from '../../src/observability/log.ts';

type Level = 'info' | 'debug';

function logged(
  format: 'auto' | 'json' | 'pretty',
  fields: Record<string, unknown>,
  level: Level = 'info',
): string {
  const destination = new PassThrough();
  const log = createLog({level, format}, {destination});
  if (level === 'info') log.debug('too small');
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

const request = {
  method: 'GET',
  path: '/v2/',
  route: 'base',
  status: 401,
  ms: 2.7,
  received: 80,
  sent: 300,
  client: '127.0.0.1',
  userAgent: 'docker/29.0.0 go/go1.25',
};

test('for people a request is one line', (t) => {
  const destination = new PassThrough();
  const log = createLog({level: 'info', format: 'pretty'}, {destination});
  log.child({requestId: 'ab12'}).info(request, 'request');
  log.info({...request, path: '/v2/a b\n', user: 'anna', aborted: true}, 'request');
  const [one, two, end] = String(destination.read()).split('\n');
  t.regex(one ?? '', /^\d\d:\d\d:\d\d INFO request GET \/v2\/ 401 3 ms 127\.0\.0\.1 id=ab12$/);
  t.regex(two ?? '', /request GET "\/v2\/a b\\n" 401 3 ms 127\.0\.0\.1 user=anna aborted=true$/);
  t.is(end, '');
});

test('for people any other line has its fields behind its message', (t) => {
  const line = logged('pretty', {size: 5, name: 'two words', list: ['a', {b: 1}], none: undefined});
  t.regex(line, /^\S+ INFO manifest pushed size=5 name="two words" list=\["a",\{"b":1\}\]\n$/);
});

test('for people an error is one line with its causes, each told once', (t) => {
  const system = Object.assign(new Error('connect ECONNREFUSED\n::1'), {code: 'ECONNREFUSED'});
  const inner = new TypeError('nothing listens: connect ECONNREFUSED ::1', {cause: system});
  const err = new Error('no answer', {cause: inner});
  const line = logged('pretty', {err});
  t.regex(line, / pushed err="no answer: nothing listens: connect ECONNREFUSED ::1"\n$/);
  const several = new AggregateError([new Error('one'), new Error('two')]);
  t.regex(logged('pretty', {err: several}), / err="AggregateError: one: two"\n$/);
});

test('for people the stack of an error is shown at the level debug alone', (t) => {
  const err = new Error('over');
  t.notRegex(logged('pretty', {err}), /log\.test/);
  t.regex(logged('pretty', {err}, 'debug'), /\n {4}at .*log\.test/);
  t.regex(logged('json', {err}), /log\.test/);
});

test('an error whose causes go in a circle is one line', (t) => {
  const err = new Error('round');
  err.cause = new Error('and round', {cause: err});
  t.is(logged('pretty', {err}).split('\n').length, 2);
});
