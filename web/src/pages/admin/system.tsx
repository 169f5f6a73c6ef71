/** What runs here, in tabs that stand in the address. */
import {Tabs} from '@mantine/core';
import {Suspense} from 'react';
import {Loading} from '../../parts/loading.tsx';
import {lazyPart} from '../../parts/lazy-part.tsx';
import {Page} from '../../parts/page.tsx';
import {useAddressWord} from '../../parts/use-address-word.ts';
import {t} from '../../texts/texts.ts';

const tabs = ['index', 'keys', 'configuration', 'providers', 'server'] as const;
type Tab = (typeof tabs)[number];

const contents = {
  index: lazyPart(async () => (await import('./index-state.tsx')).IndexTab),
  keys: lazyPart(async () => (await import('./keys.tsx')).Keys),
  configuration: lazyPart(async () => (await import('./configuration.tsx')).Configuration),
  providers: lazyPart(async () => (await import('./providers.tsx')).Providers),
  server: lazyPart(async () => (await import('./server.tsx')).Server),
} as const;

export function System() {
  const [tab, setTab] = useAddressWord<Tab>('tab', 'index', tabs);
  const Content = contents[tab];
  return (
    <Page title={t('admin.system.title')}>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(chosen) => {
          const found = tabs.find((each) => each === chosen);
          if (found) setTab(found);
        }}
      >
        <Tabs.List>
          {tabs.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {t(`admin.system.tabs.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {tabs.map((each) => (
          <Tabs.Panel key={each} value={each} pt="md">
            <Suspense fallback={<Loading />}>{each === tab && <Content />}</Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </Page>
  );
}
