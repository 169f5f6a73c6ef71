/** What answers at `/`, where people begin who know the host alone. */
import test from 'ava';
import {startWithAccounts} from '../support/accounts.ts';
import {startInProcess} from '../support/in-process.ts';

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

test('a browser at / is led to the sign-in', async (t) => {
  const holdfast = await startWithAccounts(t);
  const answer = await holdfast.api.get('/').set('Accept', browser).expect(303);
  t.is(answer.get('Location'), '/sign-in');
  t.regex(answer.get('Vary') ?? '', /Accept/);
  t.is(answer.get('Cache-Control'), 'no-store');
});

for (const path of ['/', '/below', '/below/']) {
  test(`a browser at ${path} is led below the path of externalUrl`, async (t) => {
    const holdfast = await startWithAccounts(t, {externalUrl: 'https://registry.example/below/'});
    const answer = await holdfast.api.get(path).set('Accept', browser).expect(303);
    t.is(answer.get('Location'), '/below/sign-in');
  });
}

for (const accept of ['*/*', 'application/json', 'nonsense', '']) {
  test(`who accepts ${JSON.stringify(accept)} at / is told in JSON where to go`, async (t) => {
    const holdfast = await startWithAccounts(t);
    const answer = await holdfast.api.get('/').set('Accept', accept).expect(404);
    t.regex(answer.text, /"code":"UNSUPPORTED".*below \/v2\/, and people sign in at \/sign-in/);
  });
}

test('without accounts there are no pages, and a browser is told of the API', async (t) => {
  const {api} = await startInProcess(t);
  const answer = await api.get('/').set('Accept', browser).expect(404);
  t.regex(answer.text, /below \/v2\/"/);
});

test('an address below which nothing lies is no home', async (t) => {
  const holdfast = await startWithAccounts(t);
  t.is((await holdfast.api.get('/index.html').set('Accept', browser)).status, 404);
  t.is((await holdfast.api.post('/').set('Accept', browser)).status, 405);
});
