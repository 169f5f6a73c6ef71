/** Who pushed, tagged and deleted what, as it is written down. */
import test from 'ava';
import {putManifest, pushImage} from '../../support/content.ts';
import {until} from '../../support/raw-request.ts';
import {type Item, itemsOf, startApi} from './workbench.ts';

test('pushes, deletes and tags that are put back are written down, with who, from where and by what', async (t) => {
  const api = await startApi(t);
  await api.team('makers', {anna: 'owner'});
  await api.namespace('tools', 'makers');
  const robot = await api.robot('ci', 'makers', 'contributor');
  const token = await api.token('anna', 'repository:tools/app:pull,push,delete');
  const anna = api.as(`Bearer ${token}`);
  const first = await pushImage(anna, 'tools/app', {tag: 'v1'});
  const ci = api.as(`Basic ${Buffer.from(`ci:${robot}`).toString('base64')}`);
  const second = await pushImage(ci, 'tools/app', {annotations: {is: 'second'}});
  await putManifest(ci, 'tools/app', 'v1', second).expect(201);
  await api
    .by('anna')
    .post('/api/v1/repositories/tools~app/tags/v1/restore')
    .send({digest: first.digest})
    .expect(200);
  await api.by('anna').delete('/api/v1/repositories/tools~app/tags/v1').expect(204);
  await anna.delete(`/v2/tools/app/manifests/${second.digest}`).expect(202);
  await api.by('anna').delete('/api/v1/repositories/tools~app').expect(204);
  const listed = async (): Promise<readonly Item[]> => {
    const answer = await api.by('root').get('/api/v1/activities?per_page=100').expect(200);
    return itemsOf(answer).filter(({repository}) => repository === 'tools/app');
  };
  await until(async () => (await listed()).some(({key}) => key === 'repository.delete'));
  const told = (await listed()).toReversed();
  t.deepEqual(
    told.map(({key, actor_kind: kind, actor, parameters}) => [
      key,
      kind,
      actor,
      (parameters as Item)['tag'],
      (parameters as Item)['digest'],
    ]),
    [
      ['repository.push', 'account', 'anna', 'v1', first.digest],
      ['repository.push', 'robot', 'ci', undefined, second.digest],
      ['repository.push', 'robot', 'ci', 'v1', second.digest],
      ['tag.restore', 'account', 'anna', 'v1', first.digest],
      ['tag.delete', 'account', 'anna', 'v1', undefined],
      ['manifest.delete', 'account', 'anna', undefined, second.digest],
      ['repository.delete', 'account', 'anna', undefined, undefined],
    ],
  );
  t.true(told.every(({address}) => address === '127.0.0.1'));
  t.like(told[0], {credential_kind: 'token', namespace: 'tools'});
  t.like(told[1], {credential_kind: 'application-token'});
});
