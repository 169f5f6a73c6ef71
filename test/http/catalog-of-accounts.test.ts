/** The catalogue shows what the caller may pull. */
import test from 'ava';
import {basic, bearer, startWithAccounts, type WithAccounts} from '../support/accounts.ts';
import {type Api, nextPage, pushImage} from '../support/content.ts';

const visible = ['anna/a', 'anna/b', 'anna/c', 'open/a', 'open/b'];
const hidden = ['admin/x', 'anna-/x', 'bert/x', 'bert/y', 'bert/z', 'zed/x'];

async function withRepositories(holdfast: WithAccounts): Promise<void> {
  for (const name of ['anna', 'bert']) await holdfast.person(name);
  await holdfast.person('root', {admin: 'yes'});
  await holdfast.team('web', {root: 'owner'});
  await holdfast.namespace('open', 'web', 'public');
  const root = holdfast.as(basic('root'));
  for (const name of [...visible, ...hidden.filter((each) => each !== 'anna-/x')]) {
    await pushImage(root, name);
  }
}

const namesOf = ({body}: {readonly body: unknown}) =>
  (body as {repositories: readonly string[]}).repositories;

async function allPages(api: Api, query: string): Promise<readonly (readonly string[])[]> {
  const pages: (readonly string[])[] = [];
  for (let path: string | undefined = `/v2/_catalog?${query}`; path;) {
    const answer = await api.get(path).expect(200);
    pages.push(namesOf(answer));
    path = nextPage(answer);
  }
  return pages;
}

test('pages of the catalogue are full, whatever lies hidden in between', async (t) => {
  const holdfast = await startWithAccounts(t);
  await withRepositories(holdfast);
  const token = await holdfast.token('anna', 'registry:catalog:*');
  for (const caller of [basic('anna'), bearer(token)]) {
    const anna = holdfast.as(caller);
    t.deepEqual(await allPages(anna, 'n=2'), [
      ['anna/a', 'anna/b'],
      ['anna/c', 'open/a'],
      ['open/b'],
    ]);
    t.deepEqual(await allPages(anna, 'n=5'), [visible]);
    t.deepEqual(await allPages(anna, 'n=3&last=bert/y'), [['open/a', 'open/b']]);
  }
});

test('admins see all, anonymous callers what is public by a token for it', async (t) => {
  const holdfast = await startWithAccounts(t);
  await withRepositories(holdfast);
  const all = await allPages(holdfast.as(basic('root')), 'n=100');
  t.is(all.flat().length, visible.length + hidden.length - 1);
  const token = await holdfast.token(undefined, 'registry:catalog:*');
  t.deepEqual(await allPages(holdfast.as(bearer(token)), 'n=100'), [['open/a', 'open/b']]);
});

test('a token limited to namespaces lists those alone', async (t) => {
  const holdfast = await startWithAccounts(t);
  await withRepositories(holdfast);
  const secret = await holdfast.applicationToken('anna', {namespaces: ['open']});
  t.deepEqual(await allPages(holdfast.as(basic('anna', secret)), 'n=100'), [['open/a', 'open/b']]);
});
