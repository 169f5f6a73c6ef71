/**
 * The tables of content. What is called derived can be made again from the storage (`holdfast reindex`); the rest are what people have added to repositories, and
 * what was counted.
 */

export interface ContentSchema {
  readonly repositories: RepositoriesTable;
  readonly manifests: ManifestsTable;
  readonly manifest_contents: ManifestContentsTable;
  readonly manifest_words: ManifestWordsTable;
  readonly revisions_held: RevisionsHeldTable;
  readonly tags: TagsTable;
  readonly outbox: OutboxTable;
  readonly removals: RemovalsTable;
  readonly index_state: IndexStateTable;
  readonly repository_descriptions: RepositoryDescriptionsTable;
  readonly stars: StarsTable;
  readonly comments: CommentsTable;
  readonly pulls: PullsTable;
  readonly daily_counts: DailyCountsTable;
}

/** Derived. */
interface RepositoriesTable {
  /** Its name with `!` for `/`: sorted by it, `a/b` stands before `a-b`, as in the catalogue. Key. */
  readonly path: string;
  readonly tag_count: number;
  /** When a tag of it was set last, be it there still or not. */
  readonly pushed_at: number | null;
}

/** Derived: what is read in a manifest, whichever repositories hold it. */
interface ManifestsTable {
  /** Its sha256. Key. */
  readonly digest: string;
  readonly media_type: string;
  /** `image`, `index`, `artifact`; `unknown`: what lies there can't be read as one. */
  readonly kind: string;
  /** What a list of referrers says of it. */
  readonly artifact_type: string | null;
  /** Of the manifest itself, in bytes. */
  readonly size: number;
  /** Of the blobs it names, each once, in bytes. */
  readonly content_size: number;
  readonly config_digest: string | null;
  readonly subject: string | null;
  /** `linux/arm64/v8`, of an image whose configuration says so. */
  readonly platform: string | null;
  /** ISO 8601, as its configuration or annotation says. */
  readonly built_at: string | null;
  /** JSON objects of strings; null: none. */
  readonly annotations: string | null;
  readonly labels: string | null;
}

/** Derived: what a manifest names, in its order. */
interface ManifestContentsTable {
  readonly manifest: string;
  readonly position: number;
  readonly digest: string;
  readonly role: 'config' | 'layer' | 'child';
  readonly media_type: string;
  /** In bytes. */
  readonly size: number;
}

/** Derived: labels and annotations, to be searched for; names and values are cut where they are long. */
export interface ManifestWordsTable {
  readonly manifest: string;
  readonly position: number;
  readonly name: string;
  readonly value: string;
}

/** Derived: which repository holds which manifest. */
interface RevisionsHeldTable {
  readonly path: string;
  readonly digest: string;
  readonly pushed_at: number;
  /** The name of an account; null: not known. */
  readonly pushed_by: string | null;
}

/** Derived. */
interface TagsTable {
  readonly path: string;
  readonly name: string;
  /** The sha256 of the manifest it points at. */
  readonly digest: string;
  readonly pushed_at: number;
  readonly pushed_by: string | null;
}

/** What is about to change in the storage, or has changed and is not in the index yet. */
interface OutboxTable {
  readonly id: string;
  readonly path: string;
  /** JSON lists of what to look at. */
  readonly digests: string;
  readonly tags: string;
  readonly actor: string | null;
  readonly created_at: number;
  /** JSON: what those are told who want to know of it; null: nothing. */
  readonly happening: string | null;
}

/** Which node takes something out of a repository, where several serve at once. */
interface RemovalsTable {
  readonly path: string;
  readonly id: string;
  /** Of the node: the row counts for as long as the volume has it. */
  readonly epoch: number;
}

/** How far the index is. */
interface IndexStateTable {
  readonly name: string;
  /** JSON. */
  readonly value: string;
}

/** What people say of a repository; it stays when the repository is emptied. */
interface RepositoryDescriptionsTable {
  readonly path: string;
  /** Markdown. */
  readonly description: string;
  readonly updated_at: number;
  readonly updated_by: string | null;
  /** In small letters, to be searched in. */
  readonly lowered: string | null;
}

export interface StarsTable {
  readonly path: string;
  readonly user_id: string;
  readonly created_at: number;
}

export interface CommentsTable {
  readonly id: string;
  readonly path: string;
  /** Null: that account is gone. */
  readonly user_id: string | null;
  readonly author: string;
  /** Markdown. */
  readonly body: string;
  readonly created_at: number;
  readonly updated_at: number;
}

/** Counted: GETs of a manifest, by tag or by digest. */
interface PullsTable {
  readonly path: string;
  readonly reference: string;
  readonly pulls: number;
  readonly last_pulled_at: number;
}

/** Counted, by days of UTC. */
interface DailyCountsTable {
  readonly path: string;
  /** `2026-11-26`. */
  readonly day: string;
  readonly pulls: number;
  readonly pushes: number;
}
