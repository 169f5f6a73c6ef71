/** Deletes a manifest, having said exactly what goes with it and what loses it. */
import {Button, Skeleton} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import {useNavigate} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {client, read} from '../../../api/client.ts';
import {ConfirmDialog} from '../../../parts/confirm-dialog.tsx';
import {IconTrash} from '../../../parts/icons.tsx';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {shortDigest} from '../../../parts/short-digest.ts';
import {useChange} from '../../../parts/use-change.ts';
import {t} from '../../../texts/texts.ts';
import {repositoryId} from '../repository/repository-query.ts';
import {ManifestForecast} from './manifest-forecast.tsx';

export function DeleteManifest({
  repository,
  digest,
}: {
  readonly repository: string;
  readonly digest: string;
}) {
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  const params = {path: {id: repositoryId(repository), digest}};
  const {data, error} = useQuery({
    queryKey: ['forecast', repository, digest],
    queryFn: async ({signal}) =>
      read(client.GET('/repositories/{id}/manifests/{digest}/preview', {params, signal})),
    enabled: isOpen,
    // What somebody has read is what is there.
    staleTime: 0,
  });
  const {finish} = useChange({
    change: async () => read(client.DELETE('/repositories/{id}/manifests/{digest}', {params})),
    // What is shown here is gone: it is not asked for again.
    changes: [['content', 'list']],
    done: () => t('browse.deleteManifest.done', {digest: shortDigest(digest)}),
  });
  return (
    <>
      <Button
        color="red"
        variant="light"
        leftSection={<IconTrash size={16} />}
        onClick={() => {
          setOpen(true);
        }}
      >
        {t('browse.deleteManifest.delete')}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={() => {
          setOpen(false);
        }}
        title={t('browse.deleteManifest.title')}
        action={t('browse.deleteManifest.delete')}
        isReady={data !== undefined}
        onConfirm={async () => {
          await finish(undefined);
          await navigate(addresses.repository(repository));
        }}
      >
        {error && <ProblemAlert error={error} />}
        {!data && !error && <Skeleton h={160} role="status" aria-label={t('shell.loading')} />}
        {data && <ManifestForecast forecast={data} />}
      </ConfirmDialog>
    </>
  );
}
