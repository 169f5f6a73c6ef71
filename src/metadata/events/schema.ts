/** The tables of what happens to content, and of who is told of it. */

export interface EventSchema {
  readonly events: EventsTable;
  readonly event_positions: EventPositionsTable;
  readonly deliveries: DeliveriesTable;
  readonly leases: LeasesTable;
}

/** What has happened, in the order in which it became known; kept for a while. */
export interface EventsTable {
  /** Without gaps, from 1 on. */
  readonly seq: number;
  readonly id: string;
  readonly at: number;
  readonly action: string;
  readonly object: string;
  readonly path: string;
  readonly digest: string | null;
  readonly tag: string | null;
  readonly media_type: string | null;
  readonly size: number | null;
  /** Of a mount: where the blob was. */
  readonly from_path: string | null;
  readonly actor: string | null;
  /** JSON. */
  readonly request: string | null;
}

/** `written`: the last event; `handed-out`: the last one that was put into the queues of all who want it. */
interface EventPositionsTable {
  readonly name: string;
  readonly value: number;
}

/** Who does what only one process does at a time, and until when at most. */
interface LeasesTable {
  readonly name: string;
  readonly holder: string;
  readonly expires_at: number;
}

/** What has to be told, and what was: one event to one endpoint. */
export interface DeliveriesTable {
  readonly id: string;
  /** `webhook:ID` of the table, or `endpoint:NAME` of the configuration. */
  readonly endpoint: string;
  /** Of the event; 0: it has its own payload. */
  readonly seq: number;
  readonly path: string;
  readonly action: string;
  readonly state: 'waiting' | 'delivered' | 'failed' | 'dropped';
  readonly attempts: number;
  /** Attempts that the receiver has answered with no. */
  readonly refusals: number;
  /** Not before. */
  readonly due_at: number;
  readonly created_at: number;
  /** Null: it waits. */
  readonly finished_at: number | null;
  /** HTTP's, of the last answer. */
  readonly status: number | null;
  /** Why the last attempt failed. */
  readonly problem: string | null;
  /** JSON: what was sent and answered the last time, without secrets, cut to size. */
  readonly request: string | null;
  readonly response: string | null;
  /** JSON of an event that is in no list: of a trial. */
  readonly payload: string | null;
}
