/** What the configurations of two images say differently. */
import {Code, Table, Text} from '@mantine/core';
import {Section} from '../../../parts/section.tsx';
import {t} from '../../../texts/texts.ts';
import type {Comparison} from '../types.ts';

export function ConfigurationChanges({changes}: {readonly changes: Comparison['configuration']}) {
  const title = t('browse.manifest.tabs.configuration');
  return (
    <Section title={title}>
      {changes.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('browse.compare.same')}
        </Text>
      ) : (
        <Table aria-label={title} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w="25%">{t('browse.compare.what')}</Table.Th>
              <Table.Th>{t('browse.compare.from')}</Table.Th>
              <Table.Th>{t('browse.compare.to')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {changes.map(({field, key, from, to}) => (
              <Table.Tr key={`${field} ${key ?? ''}`}>
                <Table.Td className="wraps">
                  {field} {key !== null && <Code>{key}</Code>}
                </Table.Td>
                <Value text={from} />
                <Value text={to} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

function Value({text}: {readonly text: string | null}) {
  return (
    <Table.Td className="wraps">
      {text === null ? (
        <Text size="sm" c="dimmed">
          {t('browse.compare.absent')}
        </Text>
      ) : (
        <Code className="wraps">{text}</Code>
      )}
    </Table.Td>
  );
}
