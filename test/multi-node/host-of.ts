/** The words that put a node on a host of its own, as far as a process can see: what others learn of it is what it writes. */
export const hostOf = (name: string): readonly string[] => [
  ...['unshare', '--uts', '--', 'sh', '-c'],
  `hostname holdfast-${name}; exec "$0" "$@"`,
];
