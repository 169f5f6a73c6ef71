/** The tables of what was done, and of the seals over it. */

export interface ActivitySchema {
  readonly activities: ActivitiesTable;
  readonly activity_seals: ActivitySealsTable;
}

/** What was done, and by whom: nothing else depends on it. What may be null is so in rows of before, too. */
export interface ActivitiesTable {
  readonly id: string;
  readonly at: number;
  /** Subject and verb: `repository.push`. */
  readonly key: string;
  /** Null: that account is gone, or nobody's. */
  readonly actor_id: string | null;
  /** Empty: nobody knows. */
  readonly actor_name: string;
  readonly subject_kind: string;
  /** Null: it is gone, or has no number. */
  readonly subject_id: string | null;
  readonly subject_name: string;
  /** Its name; empty: the root namespace; null: none. */
  readonly namespace: string | null;
  /** A JSON object. */
  readonly parameters: string;
  /** Null: done. */
  readonly outcome: 'denied' | 'failed' | null;
  readonly actor_kind: string | null;
  /** Of the namespace, at that time: another one may have its name by now. */
  readonly namespace_id: string | null;
  readonly repository: string | null;
  /** Of the team that it concerns, where it is about no namespace. */
  readonly team_id: string | null;
  /** Whose account it concerns. */
  readonly account_id: string | null;
  readonly address: string | null;
  readonly credential_kind: string | null;
  readonly credential_id: string | null;
  readonly credential_name: string | null;
  readonly request_id: string | null;
  /** How often, in the minute from `at` on; null: once. */
  readonly times: number | null;
  /** The number of the seal over it; null: none yet. */
  readonly seal: number | null;
}

/** Batches of rows, each with the hash of the one before. */
export interface ActivitySealsTable {
  /** From 1 on, without gaps. */
  readonly number: number;
  /** The key of the HMAC. */
  readonly key_id: string;
  /** The hash of the seal before; empty: the first. */
  readonly previous: string;
  readonly count: number;
  readonly first_id: string;
  readonly first_at: number;
  readonly last_id: string;
  readonly last_at: number;
  /** A JSON list of pairs, id and hash of each row in their order; empty: the rows are gone, as their time was over. */
  readonly leaves: string;
  readonly leaves_hash: string;
  /** Of all the above. */
  readonly hash: string;
  /** Over the hash. */
  readonly mac: string;
  readonly created_at: number;
  /** When its rows, and all seals before it, were removed as too old; null: they are there. */
  readonly removed_at: number | null;
  readonly removed_key_id: string | null;
  /** Over that. */
  readonly removed_mac: string | null;
}
