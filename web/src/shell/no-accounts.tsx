/** In the place of a page that is of no use without accounts. */
import {Anchor, Text} from '@mantine/core';
import {Link} from 'react-router';
import {Page} from '../parts/page.tsx';
import {t} from '../texts/texts.ts';

export function NoAccounts() {
  return (
    <Page title={t('noAccounts.title')}>
      <Text>{t('noAccounts.text')}</Text>
      <Anchor component={Link} to="/">
        {t('noPage.home')}
      </Anchor>
    </Page>
  );
}
