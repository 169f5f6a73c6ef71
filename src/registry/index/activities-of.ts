/** What has happened to content, as it is written down for those who ask who did what. */
import {
  activityOfChange,
  type ContentChange,
  namespaceOf,
} from '../../auth/activities/of-content.ts';
import type {NewActivity} from '../../metadata/activities.ts';
import type {Database} from '../../metadata/database.ts';
import type {Happening} from '../../metadata/events/event.ts';
import {findUser} from '../../metadata/users.ts';

type Db = Database['db'];

/** Each repository and each account is asked after once. */
export async function activitiesOf(
  db: Db,
  happened: readonly Happening[],
): Promise<readonly NewActivity[]> {
  const namespaces = new Map<string, Promise<NewActivity['namespace']>>();
  const actors = new Map<string, Promise<NewActivity['actor']>>();
  const activities: NewActivity[] = [];
  for (const happening of happened) {
    const change = changeOf(happening);
    if (!change) continue;
    const {repository, request, credential, at} = happening;
    const namespace = namespaces.get(repository) ?? namespaceOf(db, repository);
    namespaces.set(repository, namespace);
    const doer = doerOf(happening);
    const key = `${doer.kind} ${doer.id ?? ''} ${doer.name}`;
    const actor = actors.get(key) ?? known(db, doer);
    actors.set(key, actor);
    const origin = {address: request?.address, requestId: request?.id, credential};
    const what = {repository, namespace: await namespace, actor: await actor, origin, at};
    activities.push(activityOfChange({...what, change}));
  }
  return activities;
}

const doerOf = ({doer, actor}: Happening): NewActivity['actor'] =>
  doer ?? (actor === undefined ? {kind: 'anonymous', name: ''} : {kind: 'account', name: actor});

/** A token does not say whether it is a robot's. */
async function known(db: Db, doer: NewActivity['actor']): Promise<NewActivity['actor']> {
  if (doer.kind !== 'account' || doer.id === undefined) return doer;
  const user = await findUser(db, doer.id);
  return user?.isRobot === true ? {...doer, kind: 'robot'} : doer;
}

/** `undefined`: nobody writes that down. */
function changeOf({action, object, digest, tag}: Happening): ContentChange | undefined {
  if (action === 'push' && object === 'manifest' && digest) return {kind: 'push', digest, tag};
  if (action === 'tag' && tag && digest) return {kind: 'restore-tag', tag, digest};
  if (action !== 'delete') return undefined;
  if (object === 'repository') return {kind: 'delete-repository'};
  if (object === 'tag' && tag) return {kind: 'delete-tag', tag};
  return object === 'manifest' && digest ? {kind: 'delete-manifest', digest} : undefined;
}
