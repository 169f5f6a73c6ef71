/** What is going on, and the way to what one works with. */
import {Grid, Stack} from '@mantine/core';
import {Suspense} from 'react';
import {Loading} from '../../parts/loading.tsx';
import {lazyPart} from '../../parts/lazy-part.tsx';
import {Page} from '../../parts/page.tsx';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {HealthNow} from './health-now.tsx';
import {Lately} from './lately.tsx';
import {LatelyPulled} from './lately-pulled.tsx';
import {MyNamespaces} from './my-namespaces.tsx';
import {MyTeams} from './my-teams.tsx';
import {PublicRepositories} from './public-repositories.tsx';
import {Starred} from './starred.tsx';

const Days = lazyPart(async () => (await import('./days.tsx')).Days);
const StorageNow = lazyPart(async () => (await import('./storage-now.tsx')).StorageNow);

export function Dashboard() {
  const {user, authMode} = useSession();
  const isKnown = user !== undefined;
  // Without accounts everybody is told what admins are told otherwise, but for what is somebody's.
  if (!isKnown && authMode === 'accounts') {
    return (
      <Page title={t('dashboard.title')}>
        <PublicRepositories />
      </Page>
    );
  }
  return (
    <Page title={t('dashboard.title')}>
      <Grid>
        <Grid.Col span={{base: 12, lg: 8}}>
          <Stack>
            <Lately />
            <LatelyPulled />
            <Suspense fallback={<Loading />}>
              <Days />
            </Suspense>
            <Suspense fallback={<Loading />}>
              <StorageNow />
            </Suspense>
          </Stack>
        </Grid.Col>
        <Grid.Col span={{base: 12, lg: 4}}>
          <Stack>
            <HealthNow />
            {isKnown && <Starred />}
            {isKnown && <MyTeams />}
            {isKnown && <MyNamespaces />}
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
