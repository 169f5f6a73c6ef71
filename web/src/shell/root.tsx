/** Around every page: waits for the session to be known, and says when there is no way to the registry. */
import {Center, Loader} from '@mantine/core';
import {Suspense} from 'react';
import {Outlet, ScrollRestoration} from 'react-router';
import {t} from '../texts/texts.ts';
import {Offline} from './offline.tsx';

export function Root() {
  return (
    <>
      <Offline />
      <Suspense
        fallback={
          <Center mih="100vh">
            <Loader role="status" aria-label={t('shell.loading')} />
          </Center>
        }
      >
        <Outlet />
      </Suspense>
      <ScrollRestoration />
    </>
  );
}
