/** Deletes a manifest, having said exactly what goes with it and what loses it. */
import {useNavigate} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {client, read} from '../../../api/client.ts';
import {DeleteButton} from '../../../parts/delete-button.tsx';
import {ForecastDialog} from '../../../parts/forecast-dialog.tsx';
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
  const navigate = useNavigate();
  const params = {path: {id: repositoryId(repository), digest}};
  const {finish} = useChange({
    change: async () => read(client.DELETE('/repositories/{id}/manifests/{digest}', {params})),
    // What is shown here is gone: it is not asked for again.
    changes: [['content', 'list']],
    done: () => t('browse.deleteManifest.done', {digest: shortDigest(digest)}),
  });
  return (
    <DeleteButton
      label={t('browse.deleteManifest.delete')}
      dialog={(state) => (
        <ForecastDialog
          {...state}
          queryKey={['forecast', repository, digest]}
          load={async (signal) =>
            read(client.GET('/repositories/{id}/manifests/{digest}/preview', {params, signal}))
          }
          title={t('browse.deleteManifest.title')}
          action={t('browse.deleteManifest.delete')}
          onConfirm={async () => {
            await finish(undefined);
            await navigate(addresses.repository(repository));
          }}
        >
          {(forecast) => <ManifestForecast forecast={forecast} />}
        </ForecastDialog>
      )}
    />
  );
}
