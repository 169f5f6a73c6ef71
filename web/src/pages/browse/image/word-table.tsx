/** Names and what they say; both may be anything, and as long as they like. */
import {Code, Stack, Table, Text} from '@mantine/core';
import {formatCount} from '../../../parts/numbers.ts';
import {t} from '../../../texts/texts.ts';
import {LongText} from './long-text.tsx';

/** So many, of so many signs, the registry tells of a map; the texts of the manifest and of the configuration have all. */
const most = 200;
const longest = 4096;

export function WordTable({
  label,
  words,
}: {
  readonly label: string;
  readonly words: readonly (readonly [name: string, value: string])[];
}) {
  if (words.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t('browse.words.none')}
      </Text>
    );
  }
  const isCut = words.length >= most || words.some(([, value]) => value.length >= longest);
  return (
    <Stack gap="xs">
      <Table aria-label={label} layout="fixed" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="35%">{t('browse.words.name')}</Table.Th>
            <Table.Th>{t('browse.words.value')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {words.map(([name, value], index) => (
            <Table.Tr key={index}>
              <Table.Td className="wraps">
                <Word text={name} />
              </Table.Td>
              <Table.Td className="wraps">
                <Word text={value} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {isCut && (
        <Text size="sm" c="dimmed">
          {t('browse.words.cut', {most: formatCount(most), longest: formatCount(longest)})}
        </Text>
      )}
    </Stack>
  );
}

const Word = ({text}: {readonly text: string}) => (
  <Code bg="transparent" p={0} className="wraps">
    <LongText text={text} />
  </Code>
);
