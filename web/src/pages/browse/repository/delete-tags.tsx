/** Deletes tags, having said exactly what goes and what stays. */
import {client, read} from '../../../api/client.ts';
import {ForecastDialog} from '../../../parts/forecast-dialog.tsx';
import {tell} from '../../../parts/tell.ts';
import {useChange} from '../../../parts/use-change.ts';
import {t} from '../../../texts/texts.ts';
import {repositoryId, repositoryKey} from './repository-query.ts';
import {TagsForecast} from './tags-forecast.tsx';

export function DeleteTags({
  repository,
  tags,
  isOpen,
  onClose,
  onDone,
}: {
  readonly repository: string;
  readonly tags: readonly string[];
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const named = {params: {path: {id: repositoryId(repository)}}, body: {tags: [...tags]}};
  const {finish} = useChange({
    change: async () => read(client.POST('/repositories/{id}/tags/delete', named)),
    changes: [repositoryKey(repository), ['content', 'list']],
    onDone: (outcomes) => {
      const failed = outcomes.filter(({outcome}) => outcome === 'failed');
      const gone = outcomes.length - failed.length;
      if (gone > 0) tell.done(t('browse.deleteTags.done', {count: gone}));
      if (failed.length > 0) {
        const names = failed.map(({name}) => name).join(', ');
        tell.problem(t('browse.deleteTags.failed', {names}));
      }
      onDone();
    },
  });
  return (
    <ForecastDialog
      queryKey={['forecast', repository, tags]}
      load={async (signal) =>
        read(client.POST('/repositories/{id}/tags/preview', {...named, signal}))
      }
      isOpen={isOpen}
      onClose={onClose}
      title={t('browse.deleteTags.title', {count: tags.length})}
      action={t('browse.deleteTags.action', {count: tags.length})}
      onConfirm={async () => {
        await finish(undefined);
      }}
    >
      {(forecast) => <TagsForecast forecast={forecast} />}
    </ForecastDialog>
  );
}
