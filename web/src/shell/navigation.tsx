/** The way to the pages, by what the one who looks may see. */
import {Divider, NavLink, ScrollArea, Text} from '@mantine/core';
import {Link, useLocation} from 'react-router';
import {
  IconActivity,
  IconBox,
  IconFolders,
  IconGauge,
  IconHeartRateMonitor,
  IconPlug,
  IconRobot,
  IconServerCog,
  IconUsers,
  IconUsersGroup,
  type Icon as Sign,
} from '../parts/icons.tsx';
import {useSession} from '../session/use-session.ts';
import {t} from '../texts/texts.ts';

interface Entry {
  readonly to: string;
  readonly title: string;
  readonly icon: Sign;
}

const dashboard = (): Entry => ({to: '/', title: t('navigation.dashboard'), icon: IconGauge});
const repositories = (): Entry => ({
  to: '/repositories',
  title: t('navigation.repositories'),
  icon: IconBox,
});
const connect = (): Entry => ({to: '/connect', title: t('navigation.connect'), icon: IconPlug});
const activities = (): Entry => ({
  to: '/activities',
  title: t('navigation.activities'),
  icon: IconActivity,
});
const health = (): Entry => ({
  to: '/admin/health',
  title: t('navigation.health'),
  icon: IconHeartRateMonitor,
});

const forAll = (): readonly Entry[] => [
  dashboard(),
  repositories(),
  {to: '/namespaces', title: t('navigation.namespaces'), icon: IconFolders},
  connect(),
];

const withoutAccounts = (): readonly Entry[] => [
  dashboard(),
  repositories(),
  connect(),
  activities(),
  health(),
];

const forPeople = (): readonly Entry[] => [
  {to: '/teams', title: t('navigation.teams'), icon: IconUsersGroup},
  {to: '/robots', title: t('navigation.robots'), icon: IconRobot},
  activities(),
];

const forAdmins = (): readonly Entry[] => [
  {to: '/admin/users', title: t('navigation.users'), icon: IconUsers},
  health(),
  {to: '/admin/system', title: t('navigation.system'), icon: IconServerCog},
];

export function Navigation() {
  const {user, authMode} = useSession();
  return (
    <ScrollArea>
      <Entries entries={authMode === 'none' ? withoutAccounts() : forAll()} />
      {user && <Entries entries={forPeople()} />}
      {user?.isAdmin && (
        <>
          <Divider my="xs" />
          <Text size="xs" c="dimmed" px="sm" py={4}>
            {t('navigation.administration')}
          </Text>
          <Entries entries={forAdmins()} />
        </>
      )}
    </ScrollArea>
  );
}

function Entries({entries}: {readonly entries: readonly Entry[]}) {
  const {pathname} = useLocation();
  return entries.map(({to, title, icon: Icon}) => {
    const isHere = to === '/' ? pathname === '/' : `${pathname}/`.startsWith(`${to}/`);
    return (
      <NavLink
        key={to}
        component={Link}
        to={to}
        label={title}
        active={isHere}
        aria-current={isHere ? 'page' : undefined}
        leftSection={<Icon size={18} />}
      />
    );
  });
}
