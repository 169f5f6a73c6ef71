/** Application tokens: passwords for docker, podman and other programs. */
import {Button, Stack, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import {IconPlus} from '../../parts/icons.tsx';
import {client, read} from '../../api/client.ts';
import {Empty} from '../../parts/empty.tsx';
import {Loading} from '../../parts/loading.tsx';
import {Page} from '../../parts/page.tsx';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {TokenDialog} from '../../parts/token-dialog.tsx';
import {TokenTable} from '../../parts/token-table.tsx';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';

export function Tokens() {
  const {user} = useSession();
  const [isMaking, setMaking] = useState(false);
  const id = user?.id ?? '';
  const {data, error} = useQuery({
    queryKey: ['users', id, 'tokens'],
    queryFn: async ({signal}) =>
      read(client.GET('/users/{id}/application_tokens', {signal, params: {path: {id}}})),
    enabled: user !== undefined,
  });
  return (
    <Page
      title={t('navigation.tokens')}
      crumbs={[{title: t('navigation.profile'), to: '/profile'}]}
      actions={
        <Button
          leftSection={<IconPlus size={16} />}
          onClick={() => {
            setMaking(true);
          }}
        >
          {t('tokens.make')}
        </Button>
      }
    >
      <Text size="sm" c="dimmed" maw={760}>
        {t('account.tokens.text')}
      </Text>
      <Stack>
        {error && <ProblemAlert error={error} />}
        {!data && !error && <Loading />}
        {data?.length === 0 && <Empty text={t('account.tokens.none')} />}
        {data !== undefined && data.length > 0 && (
          <TokenTable
            label={t('navigation.tokens')}
            tokens={data}
            changes={[['users', id]]}
            revokeMeans={t('account.tokens.revokeText')}
          />
        )}
      </Stack>
      {user && (
        <TokenDialog
          account={user}
          namespaces={user.namespace === null ? [] : [user.namespace.name]}
          changes={[['users', id]]}
          isOpen={isMaking}
          onClose={() => {
            setMaking(false);
          }}
        />
      )}
    </Page>
  );
}
