/** A repository: what it is, what is in it, what was done to it. */
import {Grid, Stack, Tabs} from '@mantine/core';
import type {ReactNode} from 'react';
import {Page} from '../../../parts/page.tsx';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {useAddressWord} from '../../../parts/use-address-word.ts';
import {useSession} from '../../../session/use-session.ts';
import {t} from '../../../texts/texts.ts';
import type {WholeRepository} from '../types.ts';
import {crumbsOf} from './crumbs.ts';
import {Comments} from './comments.tsx';
import {DeleteRepository} from './delete-repository.tsx';
import {DeletedTags} from './deleted-tags.tsx';
import {Description} from './description.tsx';
import {NewestTag} from './newest-tag.tsx';
import {RepositoryActivities} from './repository-activities.tsx';
import {RepositoryFacts} from './repository-facts.tsx';
import {useRepository, useRepositoryName} from './repository-query.ts';
import {StarButton} from './star-button.tsx';
import {Tags} from './tags.tsx';

const tabs = ['tags', 'deleted', 'comments', 'activity'] as const;
type Tab = (typeof tabs)[number];

export function RepositoryPage() {
  const name = useRepositoryName();
  const {data, error} = useRepository(name);
  const {repository} = data;
  return (
    <Page
      title={name}
      crumbs={crumbsOf(repository)}
      actions={
        <>
          <StarButton repository={repository} />
          {repository.may_delete && <DeleteRepository repository={repository} />}
        </>
      }
    >
      {error && <ProblemAlert error={error} />}
      <Grid>
        <Grid.Col span={{base: 12, lg: 7}}>
          <Stack>
            <Description key={name} read={data} />
            {repository.tags_count > 0 && <NewestTag repository={name} />}
          </Stack>
        </Grid.Col>
        <Grid.Col span={{base: 12, lg: 5}}>
          <RepositoryFacts repository={repository} />
        </Grid.Col>
      </Grid>
      <RepositoryTabs repository={repository} />
    </Page>
  );
}

function RepositoryTabs({repository}: {readonly repository: WholeRepository}) {
  const [tab, setTab] = useAddressWord<Tab>('tab', 'tags', tabs);
  const {authMode} = useSession();
  const name = repository.full_name;
  const shown = tabs.filter((each) => authMode === 'accounts' || each !== 'comments');
  const contents: Readonly<Record<Tab, ReactNode>> = {
    tags: <Tags repository={repository} />,
    deleted: <DeletedTags repository={repository} />,
    comments: <Comments repository={name} />,
    activity: <RepositoryActivities repository={name} />,
  };
  return (
    <Tabs
      value={tab}
      keepMounted={false}
      onChange={(value) => {
        setTab(tabs.find((each) => each === value) ?? 'tags');
      }}
    >
      <Tabs.List mb="md">
        {shown.map((each) => (
          <Tabs.Tab key={each} value={each}>
            {t(`browse.repository.tabs.${each}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {shown.map((each) => (
        <Tabs.Panel key={each} value={each}>
          {contents[each]}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
