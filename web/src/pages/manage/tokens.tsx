/** The application tokens of an account that somebody looks after: a new one before the former is revoked is how it is rotated. */
import {Button, Text} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {useQuery} from '@tanstack/react-query';
import {client, read} from '../../api/client.ts';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {Section} from '../../parts/section.tsx';
import {TokenDialog} from '../../parts/token-dialog.tsx';
import {TokenTable} from '../../parts/token-table.tsx';
import {t} from '../../texts/texts.ts';

export function Tokens({
  account,
  mayMake = false,
}: {
  readonly account: string;
  readonly mayMake?: boolean;
}) {
  const [isOpen, {open, close}] = useDisclosure();
  const {data, error} = useQuery({
    queryKey: ['tokens', account],
    queryFn: async ({signal}) =>
      read(client.GET('/users/{id}/application_tokens', {signal, params: {path: {id: account}}})),
  });
  return (
    <Section
      title={t('manage.tokens.title')}
      actions={
        mayMake && (
          <Button variant="default" size="xs" onClick={open}>
            {t('manage.tokens.make')}
          </Button>
        )
      }
    >
      {mayMake && <Text size="sm">{t('manage.tokens.rotate')}</Text>}
      <TokenDialog
        account={{id: account, name: account}}
        changes={[['tokens', account]]}
        isOpen={isOpen}
        onClose={close}
      />
      {error && <ProblemAlert error={error} />}
      {data?.length === 0 && (
        <Text c="dimmed">{t(mayMake ? 'manage.tokens.none' : 'manage.tokens.noneHere')}</Text>
      )}
      {data !== undefined && data.length > 0 && (
        <TokenTable
          label={t('manage.tokens.title')}
          tokens={data}
          changes={[['tokens', account]]}
          revokeMeans={t('manage.tokens.revokeMeans', {name: account})}
        />
      )}
    </Section>
  );
}
