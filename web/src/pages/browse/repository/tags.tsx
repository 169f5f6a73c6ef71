/** The tags of a repository, by what they point at. */
import {Stack, VisuallyHidden} from '@mantine/core';
import {useState} from 'react';
import {client, type PageOf, readPage} from '../../../api/client.ts';
import {useFresh} from '../../../live/use-fresh.ts';
import {Empty} from '../../../parts/empty.tsx';
import {FilterField} from '../../../parts/filter-field.tsx';
import {PagedTable} from '../../../parts/paged-table.tsx';
import {useAddressText} from '../../../parts/use-address-word.ts';
import {t} from '../../../texts/texts.ts';
import {HowToPush} from '../repositories/how-to-push.tsx';
import type {Tag, TagGroup, WholeRepository} from '../types.ts';
import {repositoryId, repositoryKey} from './repository-query.ts';
import {SelectedTags} from './selected-tags.tsx';
import {tagColumns} from './tag-columns.tsx';
import type {Selection} from './tag-selection.ts';

export function Tags({repository}: {readonly repository: WholeRepository}) {
  const {full_name: name} = repository;
  const [text] = useAddressText('name');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const fresh = useFresh((event) =>
    event.repository === name ? (event.tag ?? undefined) : undefined,
  );
  const selection: Selection = {
    isSelected: (tag) => selected.has(tag),
    select: (tag, isSelected) => {
      setSelected((former) => {
        const others = [...former].filter((each) => each !== tag);
        return new Set(isSelected ? [...others, tag] : others);
      });
    },
  };
  return (
    <Stack gap="sm">
      <FilterField label={t('browse.tags.filter')} />
      <VisuallyHidden role="status">
        {fresh.size > 0 && t('browse.tags.pushed', {tags: [...fresh].join(', ')})}
      </VisuallyHidden>
      {selected.size > 0 && (
        <SelectedTags
          repository={repository}
          tags={[...selected]}
          clear={() => {
            setSelected(new Set());
          }}
        />
      )}
      <PagedTable
        label={t('browse.tags.title')}
        queryKey={repositoryKey(name, 'tags', text)}
        load={async ({page, per_page}, signal) => readGroups(name, {page, per_page, text}, signal)}
        columns={tagColumns(name, selection)}
        keyOf={({digest}) => digest}
        isFresh={({tags}) => tags.some((tag) => fresh.has(tag.name))}
        empty={
          text === '' ? (
            <Empty text={t('browse.tags.none')}>
              {repository.may_push && <HowToPush namespace={repository.namespace ?? ''} />}
            </Empty>
          ) : (
            <Empty text={t('browse.nothingFits')} />
          )
        }
      />
    </Stack>
  );
}

interface Wanted {
  readonly page: number;
  readonly per_page: number;
  readonly text: string;
}

/** The registry groups all of them; those that fit a text are grouped here, page by page. */
async function readGroups(
  name: string,
  {text, ...query}: Wanted,
  signal: AbortSignal,
): Promise<PageOf<TagGroup>> {
  const path = {id: repositoryId(name)};
  if (text === '') {
    return readPage(client.GET('/repositories/{id}/tags/grouped', {signal, params: {path, query}}));
  }
  const {items, total} = await readPage(
    client.GET('/repositories/{id}/tags', {
      signal,
      params: {path, query: {...query, name: text, sort_attr: 'pushed_at', sort_order: 'desc'}},
    }),
  );
  const groups = Map.groupBy(items, ({digest}) => digest);
  return {items: [...groups].map(([digest, tags]) => groupOf(digest, tags)), total};
}

const groupOf = (digest: string, tags: Tag[]): TagGroup => ({
  digest,
  pushed_at: tags[0]?.pushed_at ?? '',
  tags_count: tags.length,
  is_signed: tags.some((tag) => tag.is_signed),
  platforms: tags[0]?.platforms ?? [],
  tags,
});
