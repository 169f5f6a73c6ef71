/** How to get what was pushed last. */
import {Anchor, Skeleton} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Link} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {client, read} from '../../../api/client.ts';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {Section} from '../../../parts/section.tsx';
import {t} from '../../../texts/texts.ts';
import {tagQuery} from '../image/tag-query.ts';
import {PullBox} from '../pull-box.tsx';
import {pullCommands} from '../pull-commands.ts';
import {repositoryId, repositoryKey} from './repository-query.ts';

export function NewestTag({repository}: {readonly repository: string}) {
  const {data: groups, error} = useQuery({
    queryKey: repositoryKey(repository, 'newest'),
    queryFn: async ({signal}) =>
      read(
        client.GET('/repositories/{id}/tags/grouped', {
          signal,
          params: {path: {id: repositoryId(repository)}, query: {per_page: 1}},
        }),
      ),
  });
  const tag = groups?.[0]?.tags[0]?.name;
  if (error) return <ProblemAlert error={error} />;
  if (tag === undefined) return groups ? null : <Skeleton h={140} />;
  return <PullOfTag repository={repository} tag={tag} />;
}

function PullOfTag({repository, tag}: {readonly repository: string; readonly tag: string}) {
  const {data, error} = useQuery(tagQuery(repository, tag));
  return (
    <Section
      title={t('browse.pull.title')}
      actions={
        <Anchor component={Link} to={addresses.tag(repository, tag)} size="sm" className="wraps">
          {tag}
        </Anchor>
      }
    >
      {error && !data && <ProblemAlert error={error} />}
      {data ? <PullBox commands={pullCommands(data, tag)} isShort /> : <Skeleton h={80} />}
    </Section>
  );
}
