/** What the pages about teams ask for. */
import {queryOptions} from '@tanstack/react-query';
import {client, readWhole} from '../../api/client.ts';

/** With the mark by which it is changed only as it was read. */
export const teamQuery = (id: string) =>
  queryOptions({
    queryKey: ['teams', id],
    queryFn: async ({signal}) =>
      readWhole(client.GET('/teams/{id}', {signal, params: {path: {id}}})),
  });
