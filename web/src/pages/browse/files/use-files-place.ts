/** Which directory or file of an image is shown, and of which layer: it stands in the address. */
import {useSearchParams} from 'react-router';

export interface FilesPlace {
  readonly path: string;
  /** The path of a file that is shown. */
  readonly file: string | undefined;
  /** The digest of a layer; absent: the whole image. */
  readonly layer: string | undefined;
  readonly sort: 'name' | 'size';
  /** What leads there, below the address of the page. */
  readonly to: (place: {readonly path?: string; readonly file?: string}) => string;
  readonly choose: (words: Readonly<Record<string, string>>) => void;
}

export function useFilesPlace(): FilesPlace {
  const [search, setSearch] = useSearchParams();
  const path = search.get('path') ?? '/';
  return {
    path,
    file: search.get('file') ?? undefined,
    layer: search.get('layer') ?? undefined,
    sort: search.get('sort') === 'size' ? 'size' : 'name',
    to: ({path: directory = path, file}) => {
      const next = new URLSearchParams(search);
      next.set('path', directory);
      next.delete('file');
      if (file !== undefined) next.set('file', file);
      return `?${next.toString()}`;
    },
    choose: (words) => {
      setSearch((former) => {
        const next = new URLSearchParams(former);
        for (const [name, value] of Object.entries(words)) {
          if (value === '') next.delete(name);
          else next.set(name, value);
        }
        return next;
      });
    },
  };
}

export const pathIn = (directory: string, name: string): string =>
  directory === '/' ? `/${name}` : `${directory}/${name}`;
