/** The text of a manifest. */
import {Skeleton} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {client, read} from '../../../api/client.ts';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {t} from '../../../texts/texts.ts';
import {repositoryId, repositoryKey} from '../repository/repository-query.ts';
import {JsonText} from './json-text.tsx';

export function RawManifest({
  repository,
  digest,
}: {
  readonly repository: string;
  readonly digest: string;
}) {
  const {data, error} = useQuery({
    queryKey: repositoryKey(repository, 'manifest', digest, 'raw'),
    queryFn: async ({signal}) =>
      read(
        client.GET('/repositories/{id}/manifests/{digest}/raw', {
          signal,
          params: {path: {id: repositoryId(repository), digest}},
        }),
      ),
    // What has that digest never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error) return <ProblemAlert error={error} />;
  if (!data) return <Skeleton h={240} role="status" aria-label={t('shell.loading')} />;
  return <JsonText text={data.text} size={data.size} label={t('browse.manifest.tabs.raw')} />;
}
