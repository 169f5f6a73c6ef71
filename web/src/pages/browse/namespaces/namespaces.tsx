/** Namespaces: those of somebody's teams, and those of others that he may see. */
import {Anchor, Button, Stack, Tabs, Text} from '@mantine/core';
import {Link} from 'react-router';
import {IconPlus} from '../../../parts/icons.tsx';
import {addresses} from '../../../addresses.ts';
import {Empty} from '../../../parts/empty.tsx';
import {FilterField} from '../../../parts/filter-field.tsx';
import {Page} from '../../../parts/page.tsx';
import {useAddressText, useAddressWord} from '../../../parts/use-address-word.ts';
import {useSession} from '../../../session/use-session.ts';
import {t} from '../../../texts/texts.ts';
import {NamespaceTable} from './namespace-table.tsx';

const lists = ['mine', 'others'] as const;
type List = (typeof lists)[number];

export function Namespaces() {
  const {user, permissions} = useSession();
  const [list, setList] = useAddressWord<List>('list', 'mine', lists);
  const [name] = useAddressText('name');
  // Namespaces are told to accounts alone.
  if (!user) {
    return (
      <Page title={t('browse.namespaces.title')}>
        <Empty text={t('browse.namespaces.signIn')} />
      </Page>
    );
  }
  const own = user.namespace;
  const empty = <Empty text={t(name === '' ? 'browse.namespaces.none' : 'browse.nothingFits')} />;
  return (
    <Page
      title={t('browse.namespaces.title')}
      actions={
        permissions.createNamespaces && (
          <Button component={Link} to="/namespaces/new" leftSection={<IconPlus size={16} />}>
            {t('browse.namespaces.create')}
          </Button>
        )
      }
    >
      <Tabs
        value={list}
        keepMounted={false}
        onChange={(value) => {
          setList(lists.find((each) => each === value) ?? 'mine');
        }}
      >
        <Tabs.List mb="md">
          {lists.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`browse.namespaces.lists.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="mine">
          <Stack gap="sm">
            {own && (
              <Text size="sm" className="wraps">
                {t('browse.namespaces.personal')}{' '}
                <Anchor component={Link} to={addresses.namespace(own.name)} underline="always">
                  {own.name}
                </Anchor>
              </Text>
            )}
            <FilterField label={t('browse.namespaces.filter')} />
            <NamespaceTable list="member" name={name} empty={empty} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="others">
          <Stack gap="sm">
            <FilterField label={t('browse.namespaces.filter')} />
            <NamespaceTable list="other" name={name} empty={empty} />
          </Stack>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
