import {client, read} from '../../../api/client.ts';
import {repositoryId, repositoryKey} from '../repository/repository-query.ts';

/** The text of what a manifest names as its configuration. */
export const configurationQuery = (repository: string, digest: string) => ({
  queryKey: repositoryKey(repository, 'manifest', digest, 'configuration'),
  queryFn: async ({signal}: {readonly signal: AbortSignal}) =>
    read(
      client.GET('/repositories/{id}/manifests/{digest}/configuration', {
        signal,
        params: {path: {id: repositoryId(repository), digest}},
      }),
    ),
  // What has that digest never changes.
  staleTime: Number.POSITIVE_INFINITY,
});
