/** The tables of what other systems have beside accounts and content, and of what was taken from them. */

export interface ImportedSchema {
  readonly webhooks: WebhooksTable;
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
  /** Of what is sent; null: one event, as Portus sent it. */
  readonly format: 'event' | 'distribution' | 'cloudevents' | null;
  /** JSON lists of what is told; null: pushes and deletes, of all repositories of the namespace, of every media type. */
  readonly actions: string | null;
  readonly repositories: string | null;
  readonly media_types: string | null;
  /** Signs what is sent. */
  readonly secret: string | null;
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
