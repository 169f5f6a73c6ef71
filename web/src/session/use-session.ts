/** Who looks at the pages. */
import {useSuspenseQuery} from '@tanstack/react-query';
import {client, read} from '../api/client.ts';
import type {Session} from '../api/types.ts';

export const sessionQuery = {
  queryKey: ['session'],
  queryFn: async ({signal}: {readonly signal: AbortSignal}): Promise<Session> =>
    read(client.GET('/session', {signal})),
  // Asked for again when an answer says that it is over.
  staleTime: Number.POSITIVE_INFINITY,
} as const;

export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}
