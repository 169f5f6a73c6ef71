/** What is in a directory: its name is that of whoever made the image. */
import {Anchor, Badge, Code, Group, Table, Text} from '@mantine/core';
import {Link} from 'react-router';
import {
  IconFile,
  IconFolder,
  IconLink,
  IconPlug,
  type Icon as Sign,
} from '../../../parts/icons.tsx';
import {Age} from '../../../parts/age.tsx';
import {formatBytes, formatCount} from '../../../parts/numbers.ts';
import {shortDigest} from '../../../parts/short-digest.ts';
import {t} from '../../../texts/texts.ts';
import type {FileEntry} from '../types.ts';
import {modeText} from './mode-text.ts';
import {pathIn, useFilesPlace} from './use-files-place.ts';

const icons: Readonly<Record<FileEntry['kind'], Sign>> = {
  directory: IconFolder,
  file: IconFile,
  symlink: IconLink,
  hardlink: IconLink,
  device: IconPlug,
  fifo: IconPlug,
};

export function FileRow({
  entry,
  layers,
}: {
  readonly entry: FileEntry;
  readonly layers: readonly string[];
}) {
  const {path, layer} = useFilesPlace();
  const number = layers.indexOf(entry.layer) + 1;
  return (
    <Table.Tr>
      <Table.Td className="wraps" miw={200}>
        <Name entry={entry} directory={path} />
      </Table.Td>
      <Table.Td ta="right">
        <Size entry={entry} />
      </Table.Td>
      <Table.Td>
        <Code bg="transparent" p={0} style={{whiteSpace: 'nowrap'}}>
          {modeText(entry)}
        </Code>
      </Table.Td>
      <Table.Td>
        {entry.uid}:{entry.gid}
      </Table.Td>
      <Table.Td>{entry.modified_at !== null && <Age at={entry.modified_at} />}</Table.Td>
      <Table.Td>
        {layer === undefined ? (
          <Text size="sm" title={entry.layer}>
            {number > 0 ? number : shortDigest(entry.layer)}
          </Text>
        ) : (
          entry.change !== null && (
            <Badge variant="default" tt="none">
              {t(`browse.files.changes.${entry.change}`)}
            </Badge>
          )
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function Name({entry, directory}: {readonly entry: FileEntry; readonly directory: string}) {
  const {to} = useFilesPlace();
  const {name, kind, target, change} = entry;
  const Icon = icons[kind];
  const path = pathIn(directory, name);
  const isThere = change !== 'deleted';
  const leads = isThere && (kind === 'directory' || kind === 'file' || kind === 'hardlink');
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Icon size={16} label={t(`browse.files.kinds.${kind}`)} />
      <Text size="sm" span className="wraps" {...(!isThere && {td: 'line-through'})}>
        {leads ? (
          <Anchor
            component={Link}
            to={kind === 'directory' ? to({path}) : to({file: path})}
            size="sm"
            className="wraps"
          >
            {name}
          </Anchor>
        ) : (
          name
        )}
        {target !== null && (
          <Text span size="sm" c="dimmed" className="wraps">
            {' '}
            {t('browse.files.leadsTo', {target})}
          </Text>
        )}
      </Text>
    </Group>
  );
}

function Size({entry: {kind, size, bytes, files}}: {readonly entry: FileEntry}) {
  if (kind !== 'directory') return <>{formatBytes(size)}</>;
  if (bytes === null || files === null) return null;
  return (
    <>
      {formatBytes(bytes)}
      <Text size="xs" c="dimmed">
        {t('browse.files.count', {count: files, shown: formatCount(files)})}
      </Text>
    </>
  );
}
