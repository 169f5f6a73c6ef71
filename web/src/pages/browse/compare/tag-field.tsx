/** A tag of a repository, found while somebody types; a digest does as well. */
import {Autocomplete} from '@mantine/core';
import {useDebouncedValue} from '@mantine/hooks';
import {keepPreviousData, useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import {client, read} from '../../../api/client.ts';
import {repositoryId, repositoryKey} from '../repository/repository-query.ts';

/** In milliseconds. */
const pause = 200;
const mostShown = 20;

export function TagField({
  label,
  repository,
  value,
  onChange,
}: {
  readonly label: string;
  readonly repository: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  const [asked] = useDebouncedValue(text === value ? '' : text.trim(), pause);
  const {data} = useQuery({
    queryKey: repositoryKey(repository, 'tags', 'found', asked),
    queryFn: async ({signal}) =>
      read(
        client.GET('/repositories/{id}/tags', {
          signal,
          params: {
            path: {id: repositoryId(repository)},
            query: {
              per_page: mostShown,
              sort_attr: 'pushed_at',
              sort_order: 'desc',
              ...(asked !== '' && {name: asked.slice(0, 128)}),
            },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  });
  const put = (next: string): void => {
    if (next.trim() !== value) onChange(next.trim());
  };
  return (
    <Autocomplete
      label={label}
      value={text}
      data={data?.map(({name}) => name) ?? []}
      // The registry has done that.
      filter={({options}) => options}
      onChange={setText}
      onOptionSubmit={put}
      onBlur={() => {
        put(text);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') put(text);
      }}
      maxLength={256}
    />
  );
}
