/** The certificate that clients must trust: to download, and to compare. */
import {Alert, Button, Group, Text} from '@mantine/core';
import {IconAlertTriangle, IconDownload} from '../../parts/icons.tsx';
import {CopyLine} from '../../parts/copy-line.tsx';
import {formatDay} from '../../parts/numbers.ts';
import {Section} from '../../parts/section.tsx';
import {t} from '../../texts/texts.ts';
import type {Connection} from '../../parts/use-connection.ts';

export function CertificatePart({
  connection: {ca, certificate, trust},
}: {
  readonly connection: Connection;
}) {
  const problem = certificate?.problem ?? null;
  return (
    <>
      {trust === 'none' && (
        <Alert color="orange" title={t('account.connect.plain')} icon={<IconAlertTriangle />}>
          {t('account.connect.plainText')}
        </Alert>
      )}
      {problem !== null && (
        <Alert color="orange" title={t('account.connect.refused')} icon={<IconAlertTriangle />}>
          <Text size="sm" className="wraps">
            {problem}
          </Text>
        </Alert>
      )}
      {ca !== null && trust === 'needed' && (
        <Section
          title={t('account.connect.certificate')}
          actions={
            <Button
              component="a"
              href={ca.path}
              download="ca.crt"
              size="sm"
              leftSection={<IconDownload size={16} />}
            >
              {t('account.connect.download')}
            </Button>
          }
        >
          <Text size="sm">{t('account.connect.certificateText')}</Text>
          <Group gap="xs">
            <Text size="sm" c="dimmed" className="wraps">
              {t('account.connect.validUntil', {
                subject: ca.subject,
                day: formatDay(ca.expires_at),
              })}
            </Text>
          </Group>
          <CopyLine value={ca.sha256} label={t('account.connect.fingerprint')} />
        </Section>
      )}
    </>
  );
}
