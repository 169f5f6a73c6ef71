/** In place of a page that could not be shown; what stands around it stays. */
import {Button, Group} from '@mantine/core';
import {useQueryClient} from '@tanstack/react-query';
import {useNavigate, useRouteError} from 'react-router';
import {Problem} from '../api/problem.ts';
import {Page} from '../parts/page.tsx';
import {ProblemAlert} from '../parts/problem-alert.tsx';
import {t} from '../texts/texts.ts';

export function PageFailed() {
  const error = useRouteError();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const again = async (): Promise<void> => {
    await queryClient.resetQueries();
    await navigate(0);
  };
  const isMissing = error instanceof Problem && error.status === 404;
  return (
    <Page title={t(isMissing ? 'noPage.title' : 'problems.title')}>
      <ProblemAlert error={error} />
      <Group>
        <Button onClick={() => void again()}>{t('problems.again')}</Button>
        <Button variant="default" onClick={() => void navigate('/')}>
          {t('noPage.home')}
        </Button>
      </Group>
    </Page>
  );
}
