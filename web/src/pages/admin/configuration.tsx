/** Each setting in force, and where it comes from. */
import {Badge, Code, Group, SegmentedControl, Stack, Table, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {client, read} from '../../api/client.ts';
import type {ServerConfiguration} from '../../api/types.ts';
import {Empty} from '../../parts/empty.tsx';
import {FilterField} from '../../parts/filter-field.tsx';
import {Loading} from '../../parts/loading.tsx';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {useAddressText, useAddressWord} from '../../parts/use-address-word.ts';
import {t} from '../../texts/texts.ts';

type Setting = ServerConfiguration['settings'][number];
const origins = ['all', 'set'] as const;
const colors = {default: 'gray', file: 'blue', environment: 'grape', flag: 'orange'} as const;

export function Configuration() {
  const [text] = useAddressText('setting');
  const [origin, setOrigin] = useAddressWord<(typeof origins)[number]>('origin', 'all', origins);
  const {data, error} = useQuery({
    queryKey: ['configuration'],
    queryFn: async ({signal}) => read(client.GET('/configuration', {signal})),
  });
  if (error && !data) return <ProblemAlert error={error} />;
  if (!data) return <Loading />;
  const shown = data.settings.filter(
    (setting) => (origin === 'all' || setting.origin !== 'default') && isFound(setting, text),
  );
  return (
    <Stack>
      <Text size="sm" className="wraps">
        {data.file === null
          ? t('admin.configuration.noFile')
          : t('admin.configuration.file', {file: data.file})}
      </Text>
      <Group>
        <FilterField name="setting" label={t('admin.configuration.filter')} />
        <SegmentedControl
          aria-label={t('admin.configuration.which')}
          data={origins.map((each) => ({
            value: each,
            label: t(`admin.configuration.only.${each}`),
          }))}
          value={origin}
          onChange={(chosen) => {
            setOrigin(chosen);
          }}
        />
      </Group>
      {shown.length === 0 ? (
        <Empty text={t('admin.configuration.none')} />
      ) : (
        <Table.ScrollContainer minWidth={640} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
          <Table aria-label={t('admin.system.tabs.configuration')} layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('admin.configuration.setting')}</Table.Th>
                <Table.Th>{t('admin.configuration.value')}</Table.Th>
                <Table.Th>{t('admin.configuration.origin')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((setting) => (
                <Table.Tr key={setting.path}>
                  <Table.Td className="wraps">
                    <Code>{setting.path}</Code>
                  </Table.Td>
                  <Table.Td className="wraps">{valueOf(setting)}</Table.Td>
                  <Table.Td className="wraps">
                    <Badge variant="light" color={colors[setting.origin]}>
                      {t(`admin.configuration.origins.${setting.origin}`)}
                    </Badge>{' '}
                    {setting.origin_detail}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Stack>
  );
}

const isFound = ({path, variable}: Setting, text: string): boolean =>
  path.toLowerCase().includes(text.toLowerCase()) || variable.includes(text.toUpperCase());

const valueOf = ({value}: Setting): string =>
  value === null || value === undefined
    ? t('admin.configuration.unset')
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
