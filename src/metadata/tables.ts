/** Every table with the columns of its key, those that others refer to first: the order in which rows can be put in. */
import type {Schema} from './schema.ts';

/** A table that is missing here is no type. */
const keys = {
  teams: ['id'],
  users: ['id'],
  claims: ['name'],
  memberships: ['team_id', 'user_id'],
  namespaces: ['id'],
  application_tokens: ['id'],
  refresh_tokens: ['id'],
  sessions: ['id'],
  upload_leases: ['token_id', 'repository'],
  leased_blobs: ['token_id', 'repository', 'digest'],
  revisions: ['name'],
  repositories: ['path'],
  manifests: ['digest'],
  manifest_contents: ['manifest', 'position'],
  manifest_words: ['manifest', 'position'],
  revisions_held: ['path', 'digest'],
  tags: ['path', 'name'],
  outbox: ['id'],
  removals: ['path'],
  index_state: ['name'],
  repository_descriptions: ['path'],
  stars: ['path', 'user_id'],
  comments: ['id'],
  pulls: ['path', 'reference'],
  daily_counts: ['path', 'day'],
  webhooks: ['id'],
  activities: ['id'],
  events: ['seq'],
  event_positions: ['name'],
  deliveries: ['id'],
  leases: ['name'],
  activity_seals: ['number'],
  imported: ['source', 'kind', 'source_id'],
} as const satisfies {readonly [T in keyof Schema]: readonly (keyof Schema[T])[]};

/** Those of the index: they tell of the storage beside them, and are made again from it. */
const ofIndex: ReadonlySet<string> = new Set<keyof Schema>([
  'repositories',
  'manifests',
  'manifest_contents',
  'manifest_words',
  'revisions_held',
  'tags',
  'outbox',
  'removals',
  'index_state',
]);

export interface Table {
  readonly name: keyof Schema;
  readonly key: readonly string[];
  readonly isOfIndex: boolean;
}

export const tables: readonly Table[] = Object.entries(keys).map(([name, key]) => ({
  // The entries of an object lose the type of their keys.
  name: name as keyof Schema,
  key,
  isOfIndex: ofIndex.has(name),
}));
