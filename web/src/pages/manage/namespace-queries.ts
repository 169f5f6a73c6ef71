/** What the pages about a namespace ask for. */
import {queryOptions} from '@tanstack/react-query';
import {client, readWhole} from '../../api/client.ts';

/** With the mark by which it is changed only as it was read. */
export const namespaceQuery = (name: string) =>
  queryOptions({
    queryKey: ['namespaces', name],
    queryFn: async ({signal}) =>
      readWhole(client.GET('/namespaces/{id}', {signal, params: {path: {id: name}}})),
  });
