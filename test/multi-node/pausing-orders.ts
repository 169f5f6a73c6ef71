/** What the server that stands still is told, and what it answers. */
export type Order =
  | {readonly do: 'serve'; readonly dataDir: string}
  | {readonly do: 'stand still'; readonly before: number}
  | {readonly do: 'go on'}
  | {readonly do: 'stop'};

/** `url`: where it serves now. */
export interface Report {
  readonly url?: string;
}
