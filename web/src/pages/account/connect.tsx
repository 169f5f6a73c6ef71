/** What to type next: for each tool, with the address of this very registry. */
import {Anchor, Stack, Tabs, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Link, useSearchParams} from 'react-router';
import {CopyLine} from '../../parts/copy-line.tsx';
import {Loading} from '../../parts/loading.tsx';
import {Page} from '../../parts/page.tsx';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {useSession} from '../../session/use-session.ts';
import {Section} from '../../parts/section.tsx';
import {t} from '../../texts/texts.ts';
import {CertificatePart} from './certificate-part.tsx';
import {type Tool, tools} from './tools.ts';
import {TrustSteps} from './trust-steps.tsx';
import {type Connection, connectionQuery} from '../../parts/use-connection.ts';

export function Connect() {
  const {data, error} = useQuery(connectionQuery);
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('tool');
  const tool = tools.find(({id}) => id === wanted) ?? tools[0];
  return (
    <Page title={t('navigation.connect')}>
      {error && <ProblemAlert error={error} />}
      {!data && !error && <Loading />}
      {data && (
        <Stack maw={860}>
          <Text className="wraps">{t('account.connect.text', {host: data.host})}</Text>
          <CertificatePart connection={data} />
          <Tabs
            value={tool?.id ?? null}
            keepMounted={false}
            onChange={(id) => {
              if (id !== null) setSearch({tool: id}, {replace: true, preventScrollReset: true});
            }}
          >
            <Tabs.List aria-label={t('account.connect.tools')}>
              {tools.map(({id, title}) => (
                <Tabs.Tab key={id} value={id}>
                  {title}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {tools.map((each) => (
              <Tabs.Panel key={each.id} value={each.id} pt="md">
                <ToolSteps tool={each} connection={data} />
              </Tabs.Panel>
            ))}
          </Tabs>
        </Stack>
      )}
    </Page>
  );
}

function ToolSteps({
  tool: {steps, trusted},
  connection,
}: {
  readonly tool: Tool;
  readonly connection: Connection;
}) {
  const {user, authMode} = useSession();
  const {host, trust, clients} = connection;
  const own = user?.namespace?.name ?? user?.name;
  const place = {
    host,
    user: authMode === 'none' ? undefined : (user?.name ?? 'NAME'),
    namespace: authMode === 'none' ? '' : (own ?? 'NAMESPACE'),
    trust,
  };
  const trustSteps = clients.filter(({client}) => trusted?.test(client));
  return (
    <Stack>
      {trust !== 'by-issuer' && trustSteps.length > 0 && (
        <TrustSteps steps={trustSteps} isPlain={trust === 'none'} />
      )}
      {trusted === undefined && trust === 'needed' && (
        <Text size="sm">{t('account.connect.caFile')}</Text>
      )}
      {steps(place).map(({kind, lines}) => (
        <Section key={kind} title={t(`account.connect.steps.${kind}`)}>
          <CopyLine value={lines} label={t(`account.connect.steps.${kind}`)} />
          {(kind === 'login' || kind === 'secret') && (
            <Text size="sm" c="dimmed">
              {t('account.connect.password')}{' '}
              {user && (
                <Anchor component={Link} underline="always" to="/profile/tokens" size="sm">
                  {t('account.connect.makeToken')}
                </Anchor>
              )}
            </Text>
          )}
        </Section>
      ))}
    </Stack>
  );
}
