/** What an image is made of, layer by layer, with the instruction that made each. */
import {Anchor, Code, Group, Progress, Stack, Table, Text} from '@mantine/core';
import {Link} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {Digest} from '../../../parts/digest.tsx';
import {Empty} from '../../../parts/empty.tsx';
import {formatBytes} from '../../../parts/numbers.ts';
import {t} from '../../../texts/texts.ts';
import type {Details} from '../types.ts';
import {LongText} from './long-text.tsx';
import {stepsOf, titleOf} from './steps.ts';

export function Layers({
  repository,
  image,
}: {
  readonly repository: string;
  readonly image: Details;
}) {
  const steps = stepsOf(image);
  if (steps.length === 0) return <Empty text={t('browse.layers.none')} />;
  const largest = Math.max(1, ...image.layers.map(({size}) => size));
  return (
    <Table.ScrollContainer minWidth={560} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
      <Table aria-label={t('browse.manifest.tabs.layers')} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={40}>#</Table.Th>
            <Table.Th>{t('browse.layers.instruction')}</Table.Th>
            <Table.Th w={220}>{t('browse.layers.layer')}</Table.Th>
            <Table.Th w={140} ta="right">
              {t('browse.tags.size')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {steps.map(({instruction, layer}, index) => (
            <Table.Tr key={index}>
              <Table.Td>{index + 1}</Table.Td>
              <Table.Td className="wraps">
                <Code block={false} bg="transparent" p={0}>
                  <LongText text={instruction ?? titleOf(layer) ?? t('browse.layers.unknown')} />
                </Code>
              </Table.Td>
              <Table.Td>
                {layer ? (
                  <Stack gap={2} align="flex-start">
                    <Digest value={layer.digest} />
                    {image.configuration !== null && (
                      <Anchor
                        component={Link}
                        size="xs"
                        to={`${addresses.files(repository, image.digest)}?${new URLSearchParams({layer: layer.digest}).toString()}`}
                        aria-label={t('browse.layers.filesOf', {number: index + 1})}
                      >
                        {t('browse.files.title')}
                      </Anchor>
                    )}
                  </Stack>
                ) : (
                  <Text size="xs" c="dimmed">
                    {t('browse.layers.empty')}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="right">
                {layer && (
                  <Group gap={6} justify="flex-end">
                    {formatBytes(layer.size)}
                    <Progress
                      w="100%"
                      size="sm"
                      value={(100 * layer.size) / largest}
                      aria-label={t('browse.layers.share', {number: index + 1})}
                    />
                  </Group>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
