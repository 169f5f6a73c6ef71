/** Facts by their names. */
import {Table} from '@mantine/core';
import type {ReactNode} from 'react';

export interface Fact {
  readonly title: string;
  readonly value: ReactNode;
}

export function FactTable({facts}: {readonly facts: readonly Fact[]}) {
  return (
    <Table variant="vertical" layout="fixed">
      <Table.Tbody>
        {facts.map(({title, value}) => (
          <Table.Tr key={title}>
            <Table.Th w={{base: 120, sm: 220}}>{title}</Table.Th>
            <Table.Td className="wraps">{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
