/** The page that describes the API. */
import test from 'ava';
import {startInProcess} from '../../support/in-process.ts';
import {itemOf, startApi} from './workbench.ts';

test('the page tells every endpoint, runs no script, and asks nobody else', async (t) => {
  const {api} = await startApi(t);
  const {text, headers} = await api.get('/api/docs').expect(200);
  const policy = (headers as Record<string, string>)['content-security-policy'] ?? '';
  t.regex(policy, /default-src 'none'/);
  t.notRegex(policy, /script-src|unsafe/);
  t.notRegex(text, /<script|https?:\/\/|src=/);
  const answer = await api.get('/api/v1/openapi.json').expect(200);
  const {paths} = itemOf(answer) as {readonly paths: Readonly<Record<string, object>>};
  for (const [path, methods] of Object.entries(paths)) {
    for (const method of Object.keys(methods)) {
      const line = `${method.toUpperCase()} /api/v1${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
      t.true(text.includes(line), line);
    }
  }
  for (const [, place = ''] of text.matchAll(/href="#([^"]+)"/g)) {
    t.true(text.includes(`id="${place}"`), place);
  }
});

test('without accounts there is the page, and what needs none', async (t) => {
  const {api} = await startInProcess(t);
  const {text} = await api.get('/api/docs').expect(200);
  t.true(text.includes('GET /api/v1/health'));
  t.false(text.includes('/api/v1/users'));
  t.is((await api.get('/api/v1/version')).status, 200);
  t.is((await api.get('/api/v1/users')).status, 404);
});
