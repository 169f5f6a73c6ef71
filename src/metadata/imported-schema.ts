/** The tables of what other systems have beside accounts and content, and of what was taken from them. */

export interface ImportedSchema {
  readonly webhooks: WebhooksTable;
  readonly activities: ActivitiesTable;
  readonly imported: ImportedTable;
}

/** Who is told of what happens in a namespace; they go with it. */
export interface WebhooksTable {
  readonly id: string;
  readonly namespace_id: string;
  readonly name: string;
  readonly url: string;
  /** Sent as they are, and so kept as they are: they must never be shown. */
  readonly username: string | null;
  readonly password: string | null;
  readonly method: 'get' | 'post';
  readonly content_type: 'json' | 'form';
  /** A JSON list of pairs: name and value. The values may be secrets, too. */
  readonly headers: string;
  readonly is_enabled: number;
  readonly created_at: number;
}

/** What was done, and by whom: nothing else depends on it. */
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
}

/** What was taken from another system: it is taken once, whatever becomes of it here. */
export interface ImportedTable {
  /** Which system: `portus:registry.example.org`. */
  readonly source: string;
  readonly kind: string;
  /** What that system calls it. */
  readonly source_id: string;
  /** What it is here; empty: nothing that has an id. */
  readonly id: string;
}
