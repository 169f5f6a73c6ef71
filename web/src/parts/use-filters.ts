/** What a list is narrowed by: it stands in the address, so that it can be shared and gone back to. */
import {useSearchParams} from 'react-router';

export interface Filters<Name extends string> {
  readonly values: Readonly<Partial<Record<Name, string>>>;
  /** An empty one is none. The list begins at its first page again. */
  readonly set: (values: Readonly<Partial<Record<Name, string>>>) => void;
  readonly clear: () => void;
}

/** `list`: the name of the list where a page has several. */
export function useFilters<const Name extends string>(
  names: readonly Name[],
  list = '',
): Filters<Name> {
  const [search, setSearch] = useSearchParams();
  const page = list === '' ? 'page' : `${list}-page`;
  const values: Partial<Record<Name, string>> = {};
  for (const name of names) {
    const value = search.get(name);
    if (value !== null && value !== '') values[name] = value;
  }
  const change = (wanted: Readonly<Partial<Record<Name, string>>>): void => {
    setSearch(
      (former) => {
        const next = new URLSearchParams(former);
        next.delete(page);
        for (const name of names) {
          if (!(name in wanted)) continue;
          const value = wanted[name] ?? '';
          if (value === '') next.delete(name);
          else next.set(name, value);
        }
        return next;
      },
      {preventScrollReset: true, replace: true},
    );
  };
  return {
    values,
    set: change,
    clear: () => {
      setSearch(
        (former) => {
          const next = new URLSearchParams(former);
          for (const name of [page, ...names]) next.delete(name);
          return next;
        },
        {preventScrollReset: true, replace: true},
      );
    },
  };
}
