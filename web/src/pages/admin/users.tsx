/** All accounts. */
import {Anchor, Badge, Button, Group, SegmentedControl, Text} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {Link} from 'react-router';
import {IconPlus} from '../../parts/icons.tsx';
import {addresses} from '../../addresses.ts';
import {client, readPage} from '../../api/client.ts';
import type {User} from '../../api/types.ts';
import {Age} from '../../parts/age.tsx';
import {Empty} from '../../parts/empty.tsx';
import {FilterField} from '../../parts/filter-field.tsx';
import {Page} from '../../parts/page.tsx';
import {type Column, PagedTable} from '../../parts/paged-table.tsx';
import {useAddressText, useAddressWord} from '../../parts/use-address-word.ts';
import {t} from '../../texts/texts.ts';
import {NewUser} from './new-user.tsx';

const sorts = ['username', 'email', 'last_sign_in_at', 'created_at'] as const;
const kinds = ['people', 'robots'] as const;

const columns = (): readonly Column<User>[] => [
  {
    title: t('admin.users.name'),
    sort: 'username',
    cell: ({username, display_name: shown, bot}) => (
      <>
        <Anchor
          component={Link}
          to={bot ? addresses.robot(username) : addresses.user(username)}
          size="sm"
          className="wraps"
        >
          {username}
        </Anchor>
        {shown !== null && (
          <Text size="xs" c="dimmed" className="wraps">
            {shown}
          </Text>
        )}
      </>
    ),
  },
  {title: t('admin.users.email'), sort: 'email', cell: ({email}) => email},
  {title: t('admin.users.provider'), cell: ({provider}) => provider},
  {
    title: t('admin.users.state'),
    // A badge does not wrap.
    least: 110,
    cell: ({admin, enabled, locked_at: lockedAt}) => (
      <Group gap={4}>
        {admin && <Badge variant="light">{t('admin.users.admin')}</Badge>}
        {!enabled && (
          <Badge variant="light" color="red">
            {t('admin.users.disabled')}
          </Badge>
        )}
        {lockedAt !== null && (
          <Badge variant="light" color="orange">
            {t('admin.users.locked')}
          </Badge>
        )}
      </Group>
    ),
  },
  {
    title: t('admin.users.lastSeen'),
    sort: 'last_sign_in_at',
    cell: ({last_sign_in_at: at}) => <Age at={at} />,
  },
  {title: t('admin.made'), sort: 'created_at', cell: ({created_at: at}) => <Age at={at} />},
];

export function Users() {
  const [isOpen, {open, close}] = useDisclosure();
  const [name] = useAddressText('name');
  const [kind, setKind] = useAddressWord<(typeof kinds)[number]>('kind', 'people', kinds);
  return (
    <Page
      title={t('admin.users.title')}
      actions={
        <Button leftSection={<IconPlus size={16} />} onClick={open}>
          {t('admin.users.make')}
        </Button>
      }
    >
      <Group>
        <FilterField label={t('admin.users.filter')} />
        <SegmentedControl
          aria-label={t('admin.users.kind')}
          data={kinds.map((each) => ({value: each, label: t(`admin.users.kinds.${each}`)}))}
          value={kind}
          onChange={(chosen) => {
            setKind(chosen);
          }}
        />
      </Group>
      <PagedTable
        label={t('admin.users.title')}
        queryKey={['users', 'list', name, kind]}
        load={async ({sort_attr: sort, ...query}, signal) =>
          readPage(
            client.GET('/users', {
              signal,
              params: {
                query: {
                  ...query,
                  sort_attr: sorts.find((each) => each === sort) ?? 'username',
                  bot: kind === 'robots',
                  ...(name === '' ? {} : {name}),
                },
              },
            }),
          )
        }
        columns={columns()}
        keyOf={({id}) => id}
        empty={<Empty text={t('admin.users.none')} />}
      />
      <NewUser isOpen={isOpen} onClose={close} />
    </Page>
  );
}
