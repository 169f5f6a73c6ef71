/** What all pages share: looks, messages, what was asked for, and addresses. */
import {localStorageColorSchemeManager, MantineProvider} from '@mantine/core';
import {Notifications} from '@mantine/notifications';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import {QueryClientProvider} from '@tanstack/react-query';
import {RouterProvider} from 'react-router/dom';
import {createQueryClient} from './api/query-client.ts';
import {createPages} from './pages.tsx';
import {SessionEnded} from './session/session-ended.ts';
import {SessionEndedContext} from './session/session-ended-context.ts';
import {nonce} from './nonce.ts';
import {theme} from './theme.ts';
import './style.css';

const colorSchemes = localStorageColorSchemeManager({key: 'holdfast-color-scheme'});
const sessionEnded = new SessionEnded();
const queryClient = createQueryClient(() => {
  sessionEnded.tell();
});
const pages = createPages();

export function Application() {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colorSchemes}
      getStyleNonce={() => nonce}
    >
      <Notifications position="bottom-right" />
      <SessionEndedContext value={sessionEnded}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={pages} />
        </QueryClientProvider>
      </SessionEndedContext>
    </MantineProvider>
  );
}
