/** What answers at `/` and at the addresses of pages: people see a page there, and programs are told where to go. */
import {rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {openReadOnlyTree} from '../../src/host/read-only-tree.ts';
import {startWithAccounts} from '../support/accounts.ts';
import {startInProcess} from '../support/in-process.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

for (const path of ['/', '/namespaces/tools', '/repositories/tools~saw/tags/v1.0', '/a%2Fb']) {
  test(`a browser at ${path} gets the document of the pages, kept by nobody, in no frame`, async (t) => {
    const holdfast = await startWithAccounts(t);
    const answer = await holdfast.api.get(path).set('Accept', browser).expect(200);
    t.regex(answer.text, /<div id="root">/);
    t.regex(answer.get('Vary') ?? '', /Accept/);
    t.is(answer.get('Cache-Control'), 'no-store');
    t.is(answer.get('X-Frame-Options'), 'DENY');
  });
}

test('the policy of the pages allows what comes from here, and styles that have the number of this document', async (t) => {
  const {api} = await startInProcess(t);
  const one = await api.get('/').set('Accept', browser);
  const other = await api.get('/').set('Accept', browser);
  const policies = [one, other].map((answer) => answer.get('Content-Security-Policy') ?? '');
  t.notRegex(policies.join(' '), /unsafe-/);
  const [nonce = '', next = ''] = policies.map((each) => /'nonce-([^']+)'/.exec(each)?.[1] ?? '');
  t.true(nonce.length >= 22);
  t.not(nonce, next);
  t.true(one.text.includes(`content="${nonce}"`));
});

for (const path of ['/', '/below', '/below/', '/below/teams']) {
  test(`a browser at ${path} finds everything below the path of externalUrl`, async (t) => {
    const holdfast = await startWithAccounts(t, {externalUrl: 'https://registry.example/below/'});
    const {text} = await holdfast.api.get(path).set('Accept', browser).expect(200);
    t.regex(text, /<base href="\/below\/" \/>/);
  });
}

test('what was built anew while it serves ends nothing: what is gone is not there', async (t) => {
  const directory = await temporaryDirectory(t);
  await writeFile(join(directory, 'gone.js'), 'gone');
  await writeFile(join(directory, 'kept.js'), 'kept');
  const {read} = openReadOnlyTree(directory);
  t.is((await read('kept.js'))?.toString(), 'kept');
  await rm(directory, {recursive: true});
  t.is((await read('kept.js'))?.toString(), 'kept');
  t.is(await read('gone.js'), undefined);
  t.is(await read('../package.json'), undefined);
});

test('what the document loads is there, packed for who takes that, and kept for ever', async (t) => {
  const {api} = await startInProcess(t);
  const {text} = await api.get('/').set('Accept', browser);
  const [, script = ''] = /src="\.(\/assets\/[^"]+\.js)"/.exec(text) ?? [];
  const answer = await api.get(script).set('Accept-Encoding', 'gzip').expect(200);
  t.is(answer.get('Content-Encoding'), 'gzip');
  t.regex(answer.get('Cache-Control') ?? '', /immutable/);
  t.is(answer.get('X-Content-Type-Options'), 'nosniff');
  const plain = await api.get(script).set('Accept-Encoding', 'identity').expect(200);
  t.is(plain.get('Content-Encoding'), undefined);
  await api
    .get(script)
    .set('Accept-Encoding', 'identity')
    .set('If-None-Match', plain.get('ETag') ?? '')
    .expect(304);
});

for (const path of ['/assets/nothing.js', '/assets/../package.json', '/assets/%2e%2e/index.html']) {
  test(`nothing is at ${path}`, async (t) => {
    const {api} = await startInProcess(t);
    t.is((await api.get(path).set('Accept', '*/*')).status, 404);
  });
}

for (const accept of ['*/*', 'application/json', 'nonsense', '']) {
  test(`who accepts ${JSON.stringify(accept)} at / is told in JSON where to go`, async (t) => {
    const holdfast = await startWithAccounts(t);
    const answer = await holdfast.api.get('/').set('Accept', accept).expect(404);
    t.regex(answer.text, /"code":"UNSUPPORTED".*below \/v2\/, and people open it in a browser/);
  });
}

for (const path of ['/v2/nothing/here', '/api/v1/nothing']) {
  test(`a browser at ${path} is told what a program is told`, async (t) => {
    const holdfast = await startWithAccounts(t);
    const answer = await holdfast.api.get(path).set('Accept', browser);
    t.true(answer.status === 404 || answer.status === 401);
    t.regex(answer.get('Content-Type') ?? '', /json/);
  });
}

test('with ui.enabled false there are no pages, and a browser is told of the API', async (t) => {
  const {api} = await startInProcess(t, {ui: {enabled: false}});
  const answer = await api.get('/').set('Accept', browser).expect(404);
  t.regex(answer.text, /below \/v2\/"/);
  await api.get('/teams').set('Accept', browser).expect(404);
});

test('pages with addresses of their own are there, with the API, and the registry has none', async (t) => {
  const holdfast = await startWithAccounts(t, {ui: {listen: ['127.0.0.1:0']}});
  await holdfast.api.get('/teams').set('Accept', browser).expect(404);
  const url = holdfast.uiUrl ?? '';
  const page = await fetch(`${url}/teams`, {headers: {Accept: browser}});
  t.regex(await page.text(), /<div id="root">/);
  t.is((await fetch(`${url}/api/v1/session`)).status, 200);
  t.is((await fetch(`${url}/v2/`)).status, 404);
});

test('nothing is posted to a page', async (t) => {
  const holdfast = await startWithAccounts(t);
  t.is((await holdfast.api.post('/').set('Accept', browser)).status, 405);
});
