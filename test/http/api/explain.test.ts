/** Why somebody may do something, or may not, by the API. */
import test from 'ava';
import {itemOf, startApi} from './workbench.ts';

const path = (query: string) => `/api/v1/explain?${query}`;

test('an admin is told why somebody may not, and what would change it', async (t) => {
  const {by, team, namespace} = await startApi(t);
  await team('makers', {anna: 'owner'});
  await namespace('tools', 'makers');
  const ask = async (query: string) => itemOf(await by('root').get(path(query)).expect(200));
  const told = await ask('repository=tools/saw&action=push&user=bert');
  t.like(told, {allowed: false, rule: 'not-a-member', team: 'makers', namespace: 'tools'});
  t.regex(String(told['advice']), /team add-member makers bert/);
  t.like(await ask('repository=tools/saw&action=push&user=anna'), {allowed: true, role: 'owner'});
  t.like(await ask('repository=tools/saw&action=pull&anonymous=true'), {allowed: false});
  t.like(await ask('repository=tools/saw&action=delete'), {allowed: true, rule: 'admin'});
  await by('root').get(path('repository=tools/saw&action=push&user=nobody')).expect(404);
  await by('root').get(path('repository=tools/saw&action=burn')).expect(400);
});

test('others are told of themselves alone, and not whether a private namespace of others is there', async (t) => {
  const {by, team, namespace} = await startApi(t);
  await team('makers', {anna: 'owner'});
  await namespace('tools', 'makers');
  const ask = async (name: string) =>
    itemOf(
      await by('bert')
        .get(path(`repository=${name}/saw&action=pull`))
        .expect(200),
    );
  const [there, missing] = [await ask('tools'), await ask('looms')];
  t.like(there, {allowed: false, rule: null, team: null, namespace: null});
  t.is(
    String(there['explanation']).replace('tools', 'NAME'),
    String(missing['explanation']).replace('looms', 'NAME'),
  );
  t.like(itemOf(await by('anna').get(path('repository=tools/saw&action=push'))), {allowed: true});
  await by('bert').get(path('repository=tools/saw&action=pull&user=anna')).expect(403);
  await by('bert').get(path('repository=tools/saw&action=pull&anonymous=true')).expect(403);
});
