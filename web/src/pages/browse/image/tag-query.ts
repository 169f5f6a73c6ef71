/** A tag with all of what it points at, as it is asked for and kept. */
import {client, read} from '../../../api/client.ts';
import {repositoryId, repositoryKey} from '../repository/repository-query.ts';

export const tagQuery = (repository: string, tag: string) => ({
  queryKey: repositoryKey(repository, 'tag', tag),
  queryFn: async ({signal}: {readonly signal: AbortSignal}) =>
    read(
      client.GET('/repositories/{id}/tags/{tag_id}', {
        signal,
        params: {path: {id: repositoryId(repository), tag_id: tag}},
      }),
    ),
});

export const manifestQuery = (repository: string, digest: string) => ({
  queryKey: repositoryKey(repository, 'manifest', digest),
  queryFn: async ({signal}: {readonly signal: AbortSignal}) =>
    read(
      client.GET('/repositories/{id}/manifests/{digest}', {
        signal,
        params: {path: {id: repositoryId(repository), digest}},
      }),
    ),
});
