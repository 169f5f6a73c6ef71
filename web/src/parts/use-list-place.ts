/** Which page of a list is shown, and in which order: it stands in the address, so that it can be shared and gone back to. */
import {useSearchParams} from 'react-router';

export interface ListPlace {
  readonly page: number;
  readonly sort: string | undefined;
  readonly order: 'asc' | 'desc';
  readonly goTo: (page: number) => void;
  readonly sortBy: (sort: string, order: 'asc' | 'desc') => void;
}

/** `name`: where a page has several lists. */
export function useListPlace(name = ''): ListPlace {
  const [search, setSearch] = useSearchParams();
  const key = (word: string): string => (name === '' ? word : `${name}-${word}`);
  const change = (values: Readonly<Record<string, string | undefined>>): void => {
    setSearch(
      (former) => {
        const next = new URLSearchParams(former);
        for (const [word, value] of Object.entries(values)) {
          if (value === undefined) next.delete(key(word));
          else next.set(key(word), value);
        }
        return next;
      },
      {preventScrollReset: true},
    );
  };
  return {
    page: Math.max(1, Math.trunc(Number(search.get(key('page')) ?? 1)) || 1),
    sort: search.get(key('sort')) ?? undefined,
    order: search.get(key('order')) === 'desc' ? 'desc' : 'asc',
    goTo: (page) => {
      change({page: page === 1 ? undefined : String(page)});
    },
    sortBy: (sort, order) => {
      change({sort, order, page: undefined});
    },
  };
}
