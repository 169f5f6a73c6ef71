/** How `ls` writes down what something is and who may what: `-rwxr-xr-x`. */
import type {FileEntry} from '../types.ts';

const signs: Readonly<Record<FileEntry['kind'], string>> = {
  file: '-',
  hardlink: '-',
  directory: 'd',
  symlink: 'l',
  device: 'c',
  fifo: 'p',
};

/** `special`: what stands in place of x where the bit before is set, too. */
const triad = (bits: number, isSpecial: boolean, special: string): string => {
  const runs = (bits & 1) !== 0;
  const last = isSpecial ? (runs ? special : special.toUpperCase()) : runs ? 'x' : '-';
  return `${(bits & 4) === 0 ? '-' : 'r'}${(bits & 2) === 0 ? '-' : 'w'}${last}`;
};

export const modeText = ({kind, mode}: Pick<FileEntry, 'kind' | 'mode'>): string =>
  [
    signs[kind],
    triad(mode >> 6, (mode & 0o4000) !== 0, 's'),
    triad(mode >> 3, (mode & 0o2000) !== 0, 's'),
    triad(mode, (mode & 0o1000) !== 0, 't'),
  ].join('');
