/** What was done to a repository, and by whom. */
import {Anchor, Code, Group, Text} from '@mantine/core';
import {Link} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {client, readPage} from '../../../api/client.ts';
import {Age} from '../../../parts/age.tsx';
import {Empty} from '../../../parts/empty.tsx';
import {type Column, PagedTable} from '../../../parts/paged-table.tsx';
import {shortDigest} from '../../../parts/short-digest.ts';
import {t} from '../../../texts/texts.ts';
import type {Activity} from '../types.ts';
import {repositoryKey} from './repository-query.ts';

/** What is known of it may be anything. */
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

const columns = (repository: string): readonly Column<Activity>[] => [
  {title: t('browse.activity.what'), cell: ({key}) => nameOfKey(key)},
  {
    title: t('browse.activity.of'),
    cell: ({parameters}) => {
      const tag = textOf(parameters['tag']);
      const digest = textOf(parameters['digest']);
      return (
        <Group gap="xs">
          {tag !== undefined && (
            <Anchor component={Link} to={addresses.tag(repository, tag)} size="sm">
              {tag}
            </Anchor>
          )}
          {digest !== undefined && <Code title={digest}>{shortDigest(digest)}</Code>}
        </Group>
      );
    },
  },
  {
    title: t('browse.activity.who'),
    cell: ({actor}) =>
      actor ?? (
        <Text span c="dimmed" size="sm">
          {t('browse.activity.nobody')}
        </Text>
      ),
  },
  {title: t('browse.activity.when'), cell: ({at}) => <Age at={at} />},
];

const names: Readonly<Record<string, () => string>> = {
  'repository.push': () => t('browse.activity.keys.push'),
  'repository.delete': () => t('browse.activity.keys.deleteRepository'),
  'repository.describe': () => t('browse.activity.keys.describe'),
  'tag.delete': () => t('browse.activity.keys.deleteTag'),
  'tag.restore': () => t('browse.activity.keys.restore'),
  'manifest.delete': () => t('browse.activity.keys.deleteManifest'),
  'comment.create': () => t('browse.activity.keys.comment'),
  'comment.delete': () => t('browse.activity.keys.deleteComment'),
};

/** Keys of Portus stand as they are. */
const nameOfKey = (key: string): string => names[key]?.() ?? key;

export function RepositoryActivities({repository}: {readonly repository: string}) {
  return (
    <PagedTable
      label={t('browse.repository.tabs.activity')}
      queryKey={repositoryKey(repository, 'activities')}
      load={async ({page, per_page}, signal) => {
        const query = {repository, page, per_page, format: 'json'} as const;
        const {data, ...answer} = await client.GET('/activities', {signal, params: {query}});
        // It is a text where that is asked for.
        return readPage(Promise.resolve({...answer, ...(typeof data === 'object' && {data})}));
      }}
      columns={columns(repository)}
      keyOf={({id}) => id}
      empty={<Empty text={t('browse.activity.none')} />}
    />
  );
}
