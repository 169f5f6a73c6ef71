/** A tag, and all of what it points at. */
import {useSuspenseQuery} from '@tanstack/react-query';
import {useNavigate, useParams} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {DeleteButton} from '../../../parts/delete-button.tsx';
import {Page} from '../../../parts/page.tsx';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {t} from '../../../texts/texts.ts';
import {DeleteTags} from '../repository/delete-tags.tsx';
import {crumbsOf} from '../repository/crumbs.ts';
import {useRepository, useRepositoryName} from '../repository/repository-query.ts';
import {ManifestLinks} from './manifest-links.tsx';
import {ManifestTabs} from './manifest-tabs.tsx';
import {ManifestTop} from './manifest-top.tsx';
import {tagQuery} from './tag-query.ts';
import {TagHistory} from './tag-history.tsx';

export function TagPage() {
  const name = useRepositoryName();
  const tag = useParams()['tag'] ?? '';
  const {data: shown, error} = useSuspenseQuery(tagQuery(name, tag));
  const {repository} = useRepository(name).data;
  return (
    <Page
      title={`${name}:${tag}`}
      heading={tag}
      crumbs={[...crumbsOf(repository), {title: name, to: addresses.repository(name)}]}
      actions={
        <>
          <ManifestLinks repository={name} reference={tag} details={shown} />
          {repository.may_delete && <Delete repository={name} tag={tag} />}
        </>
      }
    >
      {error && <ProblemAlert error={error} />}
      <ManifestTop details={shown} tag={tag} />
      <ManifestTabs
        repository={name}
        details={shown}
        history={
          <TagHistory
            repository={name}
            tag={tag}
            digest={shown.digest}
            mayPush={repository.may_push}
          />
        }
      />
    </Page>
  );
}

function Delete({repository, tag}: {readonly repository: string; readonly tag: string}) {
  const navigate = useNavigate();
  return (
    <DeleteButton
      label={t('browse.tag.delete')}
      dialog={(state) => (
        <DeleteTags
          {...state}
          repository={repository}
          tags={[tag]}
          onDone={() => void navigate(addresses.repository(repository))}
        />
      )}
    />
  );
}
