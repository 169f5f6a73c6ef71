/** What this server is, and what it runs on. */
import {queryOptions} from '@tanstack/react-query';
import {client, read} from '../../api/client.ts';

export const nodeQuery = queryOptions({
  queryKey: ['node'],
  queryFn: async ({signal}) => read(client.GET('/node', {signal})),
});
