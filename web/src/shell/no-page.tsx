import {Anchor, Text} from '@mantine/core';
import {Link, useLocation} from 'react-router';
import {Page} from '../parts/page.tsx';
import {t} from '../texts/texts.ts';

export function NoPage() {
  const {pathname} = useLocation();
  return (
    <Page title={t('noPage.title')}>
      <Text className="wraps">{t('noPage.text', {path: pathname})}</Text>
      <Anchor component={Link} to="/">
        {t('noPage.home')}
      </Anchor>
    </Page>
  );
}
