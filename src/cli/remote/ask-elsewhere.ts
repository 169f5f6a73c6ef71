/** Has a server elsewhere do an operation, where its API has it. */
import type {z} from 'zod';
import type {Operation} from '../../auth/administration/operation.ts';
import {Failure} from '../failure.ts';
import {remoteActivities} from './activities.ts';
import {apiClient} from './api-client.ts';
import {remoteContent} from './content.ts';
import {remoteEvents} from './events.ts';
import {remoteNamespaces} from './namespaces.ts';
import type {Remote} from './remote.ts';
import type {Server} from './server.ts';
import {remoteTeams} from './teams.ts';
import {remoteUsers} from './users.ts';
import {remoteWebhooks} from './webhooks.ts';

const all: ReadonlyMap<string, Remote> = new Map(
  [
    ...remoteUsers,
    ...remoteTeams,
    ...remoteNamespaces,
    ...remoteContent,
    ...remoteWebhooks,
    ...remoteEvents,
    ...remoteActivities,
  ].map((each) => [each.name, each]),
);

/** Rejects with a Failure. */
export async function askElsewhere<I extends z.ZodType, O extends z.ZodType>(
  server: Server,
  {name, output}: Pick<Operation<I, O>, 'name' | 'output'>,
  input: z.input<I>,
): Promise<z.output<O>> {
  const known = all.get(name);
  if (!known) {
    const message = `the API has no "${name}": run it on the host of the server, without --server`;
    throw new Failure(message, {code: 2});
  }
  return output.parse(await known.run(apiClient(server), input));
}
