/** What the server that stands still is told, and what it answers. */
export type Order =
  | {
      readonly do: 'serve';
      readonly dataDir: string;
      /** The URL of one that others have, too, who serve at the same time. */
      readonly database?: string | undefined;
    }
  | {readonly do: 'stand still'; readonly before: number}
  | {readonly do: 'go on'}
  | {readonly do: 'stop'};

/** `url`: where it serves now. */
export interface Report {
  readonly url?: string;
}
