/** What is told of a file. */

export const kinds = ['file', 'directory', 'symlink', 'hardlink', 'device', 'fifo'] as const;

export type Kind = (typeof kinds)[number];

export interface Entry {
  readonly kind: Kind;
  /** In bytes; of a hard link that of the file. */
  readonly size: number;
  /** The lower twelve bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In seconds since 1970. */
  readonly modifiedAt: number | undefined;
  /** Of a link. */
  readonly target: string | undefined;
  /** The number of the layer that has it, from the lowest. */
  readonly layer: number;
  /** Where its bytes are; absent: nowhere, or not in one piece. */
  readonly content: {readonly layer: number; readonly offset: number} | undefined;
  /** The sha256 of its bytes. */
  readonly digest: Buffer | undefined;
}

/** Where only names below tell of it. */
export const impliedDirectory = (layer: number): Entry => ({
  kind: 'directory',
  size: 0,
  mode: 0o755,
  uid: 0,
  gid: 0,
  modifiedAt: undefined,
  target: undefined,
  layer,
  content: undefined,
  digest: undefined,
});
