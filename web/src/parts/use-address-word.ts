/** A word of the address: an open tab, a filter. It can be shared and gone back to. */
import {useSearchParams} from 'react-router';

interface Setting {
  /** In place of the former address: nobody goes back letter by letter. */
  readonly replace?: boolean;
}

/** `usual` is not written down. Another word begins lists anew at their first page. */
export function useAddressWord<Word extends string>(
  name: string,
  usual: Word,
  words?: readonly Word[],
): readonly [word: Word, set: (word: Word, setting?: Setting) => void] {
  const [search, setSearch] = useSearchParams();
  const given = search.get(name) ?? usual;
  const isWord = (text: string): text is Word =>
    words === undefined || words.some((each) => each === text);
  const set = (word: Word, {replace = false}: Setting = {}): void => {
    setSearch(
      (former) => {
        const next = new URLSearchParams(former);
        next.delete('page');
        if (word === usual) next.delete(name);
        else next.set(name, word);
        return next;
      },
      {preventScrollReset: true, replace},
    );
  };
  return [isWord(given) ? given : usual, set];
}

/** Any text; empty: it is not in the address. */
export const useAddressText = (name: string) => useAddressWord<string>(name, '');
