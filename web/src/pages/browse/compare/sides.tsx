/** The two images at a glance. */
import {Anchor, Table} from '@mantine/core';
import {Link} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {formatBytes, formatMoment} from '../../../parts/numbers.ts';
import {shortDigest} from '../../../parts/short-digest.ts';
import {t} from '../../../texts/texts.ts';
import type {Comparison} from '../types.ts';

type Side = Comparison['from'];

export function Sides({comparison: {from, to}}: {readonly comparison: Comparison}) {
  const sides = [from, to];
  const rows: readonly (readonly [string, (side: Side) => string])[] = [
    [t('browse.tags.size'), ({size}) => formatBytes(size)],
    [t('browse.configuration.created'), ({created}) => momentOf(created)],
    [t('browse.manifest.platform'), ({platform}) => platform ?? ''],
  ];
  return (
    <Table aria-label={t('browse.compare.sides')} layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th w="25%">{t('browse.compare.image')}</Table.Th>
          {sides.map((side, index) => (
            <Table.Th key={index} className="wraps">
              <Anchor
                component={Link}
                to={addresses.manifest(side.repository, side.digest)}
                size="sm"
                className="wraps"
              >
                {side.reference.includes(':') ? shortDigest(side.reference) : side.reference}
              </Anchor>
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(([title, textOf]) => (
          <Table.Tr key={title}>
            <Table.Td>{title}</Table.Td>
            {sides.map((side, index) => (
              <Table.Td key={index} className="wraps">
                {textOf(side)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

const momentOf = (text: string | null): string =>
  text === null || Number.isNaN(Date.parse(text)) ? (text ?? '') : formatMoment(text);
