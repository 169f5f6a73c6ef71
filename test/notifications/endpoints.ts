/** A registry, open to all, that tells receivers of all that happens in it. */
import type {ExecutionContext} from 'ava';
import {type Settings, startInProcess, type Surroundings} from '../support/in-process.ts';
import {type Receiver, startReceiver} from '../support/receiver/receiver.ts';

type Endpoint = NonNullable<NonNullable<Settings['notifications']>['endpoints']>[number];

/** Of manifests alone, unless it is told otherwise. */
export const endpointAt = ({url}: Receiver, more: Partial<Endpoint> = {}): Endpoint => ({
  name: 'receiver',
  url,
  ignoreMediaTypes: ['application/octet-stream'],
  actions: ['push', 'delete', 'tag'],
  ...more,
});

/** With one receiver. */
export async function startTold(
  t: ExecutionContext,
  more: Partial<Endpoint> = {},
  surroundings: Pick<Settings & Surroundings, 'longestPause'> = {},
) {
  const receiver = await startReceiver(t);
  const holdfast = await startInProcess(t, {
    ...surroundings,
    notifications: {endpoints: [endpointAt(receiver, more)]},
  });
  return {receiver, holdfast};
}
