/** What the page about an account asks for. */
import {queryOptions} from '@tanstack/react-query';
import {client, readWhole} from '../../api/client.ts';

/** With the mark by which it is changed only as it was read. */
export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ['users', id],
    queryFn: async ({signal}) =>
      readWhole(client.GET('/users/{id}', {signal, params: {path: {id}}})),
  });
