/** How clients reach this registry. */
import {useQuery} from '@tanstack/react-query';
import {client, read} from '../api/client.ts';
import type {Connection} from '../api/types.ts';

export type {Connection} from '../api/types.ts';

export const connectionQuery = {
  queryKey: ['connection'],
  queryFn: async ({signal}: {readonly signal: AbortSignal}): Promise<Connection> =>
    read(client.GET('/connection', {signal})),
} as const;

/** As it stands before the names of images. */
export function useRegistryHost(): string {
  return useQuery(connectionQuery).data?.host ?? window.location.host;
}
