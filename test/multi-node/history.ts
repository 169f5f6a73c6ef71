/** What clients did, when they began, when they knew how it ended, and how. */

export interface Span {
  /** In milliseconds, by one clock for all. */
  readonly begin: number;
  readonly end: number;
  readonly client: number;
  /** Whom it asked; where clients don't choose that is one name for all. */
  readonly node: string;
}

/** `undefined`: there is no such tag. */
export type Value = string | undefined;

interface Place {
  readonly repository: string;
  readonly tag: string;
}

export type Operation = Span &
  (
    | ({readonly kind: 'write'; readonly value: Value; readonly isAcknowledged: boolean} & Place)
    | ({readonly kind: 'read'; readonly value: Value} & Place)
    | {readonly kind: 'list'; readonly repository: string; readonly tags: readonly string[]}
    | {readonly kind: 'put'; readonly path: string; readonly isAcknowledged: boolean}
    /** Of what is named by its digest. */
    | {readonly kind: 'get'; readonly path: string; readonly found: 'right' | 'wrong' | 'nothing'}
    /** Not answered, or that it can't be answered at present. */
    | {readonly kind: 'nothing'; readonly of: string; readonly why: string}
    | {readonly kind: 'surprise'; readonly of: string; readonly answer: string}
  );

export interface Anomaly {
  readonly kind:
    | 'lost write'
    | 'stale tag'
    | 'deleted tag came back'
    | 'value from nowhere'
    | 'wrong bytes'
    | 'lost content'
    | 'surprising answer';
  readonly operation: Operation;
  /** What it contradicts. */
  readonly against?: Operation;
}
