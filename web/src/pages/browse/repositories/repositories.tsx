/** All repositories that somebody may see. */
import {Stack, Tabs} from '@mantine/core';
import {Empty} from '../../../parts/empty.tsx';
import {FilterField} from '../../../parts/filter-field.tsx';
import {Page} from '../../../parts/page.tsx';
import {useAddressText, useAddressWord} from '../../../parts/use-address-word.ts';
import {useSession} from '../../../session/use-session.ts';
import {t} from '../../../texts/texts.ts';
import {HowToPush} from './how-to-push.tsx';
import {RepositoryTable} from './repository-table.tsx';

const lists = ['all', 'starred', 'personal'] as const;
type List = (typeof lists)[number];

export function Repositories() {
  const {user} = useSession();
  const [list, setList] = useAddressWord<List>('list', 'all', user ? lists : ['all']);
  const [name] = useAddressText('name');
  const table = (
    <Stack gap="sm">
      <FilterField label={t('browse.repositories.filter')} />
      <RepositoryTable
        filter={{list, ...(name !== '' && {name})}}
        empty={<Nothing list={list} isFiltered={name !== ''} />}
      />
    </Stack>
  );
  return (
    <Page title={t('browse.repositories.title')}>
      {user ? (
        <Tabs
          value={list}
          onChange={(value) => {
            setList(lists.find((each) => each === value) ?? 'all');
          }}
          keepMounted={false}
        >
          <Tabs.List mb="md">
            {lists.map((each) => (
              <Tabs.Tab key={each} value={each}>
                {t(`browse.repositories.lists.${each}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {lists.map((each) => (
            <Tabs.Panel key={each} value={each}>
              {table}
            </Tabs.Panel>
          ))}
        </Tabs>
      ) : (
        table
      )}
    </Page>
  );
}

function Nothing({list, isFiltered}: {readonly list: List; readonly isFiltered: boolean}) {
  if (isFiltered) return <Empty text={t('browse.nothingFits')} />;
  if (list === 'starred') return <Empty text={t('browse.repositories.noStars')} />;
  return (
    <Empty text={t('browse.repositories.none')}>
      <HowToPush />
    </Empty>
  );
}
