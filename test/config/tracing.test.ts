/** The settings of traces. */
import test from 'ava';
import {configSchema} from '../../src/config/schema.ts';
import {parseHeaders} from '../../src/config/tracing-schema.ts';

const faultsOf = (tracing: object): readonly string[] =>
  configSchema
    .safeParse({tracing})
    .error?.issues.map(({path, message}) => `${path.join('.')} ${message}`) ?? [];

test('headers are written as OpenTelemetry writes them', (t) => {
  t.deepEqual(parseHeaders('Authorization=Bearer a=b, X-Tenant=1'), {
    Authorization: 'Bearer a=b',
    'X-Tenant': '1',
  });
  for (const text of ['', 'a', '=b', 'a b=c', 'a=\nb', 'a=1,,b=2', 'ä=1']) {
    t.is(parseHeaders(text), undefined, text);
  }
});

test('a fault of a setting is told, and no secret with it', (t) => {
  t.deepEqual(faultsOf({endpoint: 'http://localhost:4318', headers: 'a=b', sampleRatio: 0.5}), []);
  t.deepEqual(faultsOf({headers: 'secret'}), [
    'tracing.headers must be NAME=VALUE, and further ones after commas',
  ]);
  t.deepEqual(faultsOf({endpoint: 'localhost:4318'}), [
    'tracing.endpoint must be a URL such as http://localhost:4318',
  ]);
  t.deepEqual(faultsOf({endpoint: 'http://me:secret@localhost'}), [
    'tracing.endpoint must not have a password in it: that belongs into tracing.headers',
  ]);
  t.is(faultsOf({sampleRatio: 1.1}).length, 1);
});
