/** Pages of other sites change nothing, whatever the browser sends along for them: every route of the API that changes something. */
import test from 'ava';
import {passwordOf} from '../../support/accounts.ts';
import {secret} from '../../support/secrets.ts';
import {startApi} from './workbench.ts';

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What the browser, or somebody between, says of where a request comes from. */
const strangers = [
  {Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site'},
  {'Sec-Fetch-Site': 'same-site'},
  {'Sec-Fetch-Site': 'none'},
  {Origin: 'https://evil.example'},
  {Origin: 'null'},
];

test('no route that changes something takes a request of another site, with a session or a password that the browser sends along', async (t) => {
  const holdfast = await startApi(t, {auth: {signUp: true}});
  const given = {username: 'root', password: passwordOf('root')};
  const begun = await holdfast.api.post('/api/v1/session').send(given).expect(201);
  const Cookie = secret(begun.get('Set-Cookie')?.[0]?.split(';')[0] ?? '');
  const {paths} = (await holdfast.api.get('/api/v1/openapi.json')).body as Document;
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter((method) => ['post', 'put', 'delete'].includes(method))
      .map((method) => ({method: method.toUpperCase(), path: path.replaceAll(/\{\w+\}/g, 'anna')})),
  );
  t.true(routes.length > 30, `${routes.length}`);
  const Authorization = `Basic ${secret(btoa(`root:${unicode(given.password)}`))}`;
  for (const {method, path} of routes) {
    const url = `${holdfast.url}${path.startsWith('/api/v1') ? path : `/api/v1${path}`}`;
    for (const proof of [{Cookie}, {Authorization}]) {
      for (const from of strangers) {
        for (const type of ['application/json', 'text/plain']) {
          const headers = new Headers({...proof, 'Content-Type': type});
          // `fetch` of Node sends these as they are, as no browser lets a page do.
          for (const [name, value] of Object.entries(from)) headers.set(name, value);
          const body = method === 'DELETE' ? null : '{}';
          const answer = await fetch(url, {method, headers, body});
          t.is(answer.status, 403, `${method} ${path} ${JSON.stringify(from)}`);
          await answer.body?.cancel();
        }
      }
    }
  }
});

test('with a session alone, a change that says nothing of where it comes from is refused', async (t) => {
  const holdfast = await startApi(t);
  const given = {username: 'root', password: passwordOf('root')};
  const begun = await holdfast.api.post('/api/v1/session').send(given).expect(201);
  const Cookie = secret(begun.get('Set-Cookie')?.[0]?.split(';')[0] ?? '');
  const post = () => holdfast.api.post('/api/v1/teams').set({Cookie});
  await post().send({name: 'makers'}).expect(403);
  await post().set('Origin', holdfast.url).type('form').send({name: 'makers'}).expect(415);
  const made = await post().set('Origin', holdfast.url).send({name: 'makers'});
  t.is(made.status, 201);
});

/** As bytes, one character each. */
const unicode = (text: string): string => Buffer.from(text).toString('latin1');
