/** A name of which somebody knows the beginning: what the registry knows to begin like it, and whatever else is typed. */
import {Autocomplete, type AutocompleteProps} from '@mantine/core';
import {useDebouncedValue} from '@mantine/hooks';
import {keepPreviousData, useQuery} from '@tanstack/react-query';
import {client, read, readPage} from '../api/client.ts';

/** In milliseconds. */
const pause = 200;
const mostShown = 10;
/** In signs, that are looked for. */
const fewest = 2;

const namesOf = {
  teams: async (name: string, signal: AbortSignal): Promise<readonly string[]> => {
    const query = {name, per_page: mostShown};
    const {items} = await readPage(client.GET('/teams', {signal, params: {query}}));
    return items.map((team) => team.name);
  },
  users: async (q: string, signal: AbortSignal): Promise<readonly string[]> => {
    const found = await read(client.GET('/users/names', {signal, params: {query: {q}}}));
    return found.map(({username}) => username);
  },
} as const;

interface NamePickerProps extends Omit<AutocompleteProps, 'data'> {
  readonly kind: keyof typeof namesOf;
  readonly value: string;
  readonly onChange: (name: string) => void;
}

export function NamePicker({kind, value, ...props}: NamePickerProps) {
  const [asked] = useDebouncedValue(value.trim(), pause);
  const {data = []} = useQuery({
    queryKey: ['names', kind, asked],
    queryFn: async ({signal}) => namesOf[kind](asked, signal),
    enabled: asked.length >= fewest,
    // A name that nobody may look for is typed whole.
    retry: false,
    placeholderData: keepPreviousData,
  });
  return (
    <Autocomplete
      {...props}
      value={value}
      data={[...new Set(data)]}
      limit={mostShown}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
