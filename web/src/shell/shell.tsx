/** What stands around the pages: the way to all others, the search, and who has signed in. */
import {AppShell, Burger, Group} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {Suspense, useEffect} from 'react';
import {Navigate, Outlet, useLocation} from 'react-router';
import {useSession} from '../session/use-session.ts';
import {Live} from '../live/live.tsx';
import {t} from '../texts/texts.ts';
import {AccountMenu} from './account-menu.tsx';
import {Brand} from './brand.tsx';
import {ColorSchemeButton} from './color-scheme-button.tsx';
import {Loading} from '../parts/loading.tsx';
import {NoAccounts} from './no-accounts.tsx';
import {Navigation} from './navigation.tsx';
import {Search} from './search.tsx';
import {SignInAgain} from './sign-in-again.tsx';
import {entryOf, isWithoutUse} from './entry.ts';

const headerHeight = 56;

export function Shell() {
  const session = useSession();
  const location = useLocation();
  const [isOpen, {toggle, close}] = useDisclosure();
  useEffect(close, [location.pathname, close]);
  const elsewhere = entryOf(session, location);
  if (elsewhere !== undefined) return <Navigate to={elsewhere} replace />;
  return (
    <Live>
      <a className="skip-link" href="#content">
        {t('shell.skip')}
      </a>
      <AppShell
        header={{height: headerHeight}}
        navbar={{width: 230, breakpoint: 'sm', collapsed: {mobile: !isOpen}}}
        padding="md"
      >
        <AppShell.Header>
          <Group h="100%" px="md" gap="sm" wrap="nowrap" justify="space-between">
            <Group gap="xs" wrap="nowrap">
              <Burger
                opened={isOpen}
                onClick={toggle}
                hiddenFrom="sm"
                size="sm"
                aria-label={t('shell.navigation')}
                aria-expanded={isOpen}
              />
              <Brand givesWay />
            </Group>
            <Search />
            <Group gap="xs" wrap="nowrap">
              <ColorSchemeButton />
              <AccountMenu />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="xs" aria-label={t('shell.navigation')}>
          <Navigation />
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1}>
          <Suspense fallback={<Loading />}>
            {isWithoutUse(session, location) ? <NoAccounts /> : <Outlet />}
          </Suspense>
        </AppShell.Main>
      </AppShell>
      <SignInAgain />
    </Live>
  );
}
