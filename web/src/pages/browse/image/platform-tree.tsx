/** What an index names: for each machine one, and what builders hang beside them. */
import {Anchor, Table, Text} from '@mantine/core';
import {Fragment} from 'react';
import {Link} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {Digest} from '../../../parts/digest.tsx';
import {Empty} from '../../../parts/empty.tsx';
import {formatBytes} from '../../../parts/numbers.ts';
import {t} from '../../../texts/texts.ts';
import type {Details} from '../types.ts';
import {attestedPlatforms} from './attestations.ts';
import {isForNobody, platformOf} from './use-chosen-platform.ts';

export function PlatformTree({
  repository,
  details: {platforms},
}: {
  readonly repository: string;
  readonly details: Details;
}) {
  if (platforms.length === 0) return <Empty text={t('browse.manifest.noPlatforms')} />;
  return (
    <Table.ScrollContainer minWidth={480} scrollAreaProps={{viewportProps: {tabIndex: 0}}}>
      <Table aria-label={t('browse.manifest.tabs.platforms')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('browse.manifest.platform')}</Table.Th>
            <Table.Th>{t('browse.tags.digest')}</Table.Th>
            <Table.Th>{t('browse.manifest.mediaType')}</Table.Th>
            <Table.Th ta="right">{t('browse.tags.size')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {attestedPlatforms({platforms}).map(({child, attestations}) => (
            <Fragment key={child.digest}>
              <ChildRow repository={repository} child={child} />
              {attestations.map((each) => (
                <ChildRow key={each.digest} repository={repository} child={each} of={child} />
              ))}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ChildRow({
  repository,
  child,
  of,
}: {
  readonly repository: string;
  readonly child: Details['platforms'][number];
  /** What it attests. */
  readonly of?: Details['platforms'][number];
}) {
  const name = of
    ? t('browse.manifest.attestation', {platform: platformOf(of)})
    : isForNobody(child)
      ? t('browse.manifest.noPlatform')
      : platformOf(child);
  return (
    <Table.Tr>
      <Table.Td className="wraps" miw={120} {...(of && {pl: 'xl'})}>
        <Anchor component={Link} to={addresses.manifest(repository, child.digest)} size="sm">
          {name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Digest value={child.digest} />
      </Table.Td>
      <Table.Td className="wraps">
        <Text size="xs">{child.media_type}</Text>
      </Table.Td>
      <Table.Td ta="right" className="stays">
        {child.size === null ? t('browse.manifest.absent') : formatBytes(child.size)}
      </Table.Td>
    </Table.Tr>
  );
}
