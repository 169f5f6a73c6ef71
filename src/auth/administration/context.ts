/** What the operations work on: the same in a running server, and in a command where none runs. */
import type {Config} from '../../config/schema.ts';
import type {RepositoryRow} from '../../metadata/content/repository-pages.ts';
import type {TagRow} from '../../metadata/content/tag-pages.ts';
import type {Event} from '../../metadata/events/event.ts';
import type {EventFilter} from '../../metadata/events/past-events.ts';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Tag} from '../../oci/tag.ts';
import type {StoredIndexStatus} from '../../metadata/content/index-status.ts';
import type {Database} from '../../metadata/database.ts';
import type {ActivityNotes} from '../activities/notes.ts';
import type {PasswordHasher} from '../password-hash.ts';
import type {Actor} from './actor.ts';
import type {LoginLocks} from '../login-throttle.ts';
import type {FindNameElsewhere} from '../names-elsewhere.ts';
import type {ImportProgress} from '../import-progress.ts';
import type {SigningKeys} from '../signing-keys.ts';

interface IndexComparison {
  /** Looked at so far. */
  readonly repositories: number;
  /** How many there were the last time. */
  readonly expected: number | undefined;
  /** Differences that were found, and mended. */
  readonly tags: number;
  readonly manifests: number;
  /** Repositories that the storage has no more. */
  readonly gone: number;
}

export interface IndexStatus extends StoredIndexStatus {
  /** The comparison with the storage that is under way in the server. */
  readonly running: IndexComparison | undefined;
  /** The one before; absent: none since the start. */
  readonly last: IndexComparison | undefined;
  /** Why the last one failed. */
  readonly problem: string | undefined;
}

/** What may be asked of the index of content. */
export interface IndexAdministration {
  status(): Promise<IndexStatus>;
  /** Begins to compare it with the storage, unless that is under way; one that begins leaves an activity. */
  rebuild(actor: Actor): Promise<IndexStatus & {readonly hasBegun: boolean}>;
}

/** What the operations on the index work on: they need no accounts. */
export interface IndexContext {
  readonly index: IndexAdministration;
}

/** A page, and after what the next begins. */
interface NamedPage<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

interface PageWanted {
  readonly after: string | undefined;
  readonly limit: number;
}

interface PastTag {
  readonly at: Date;
  /** Absent: it was deleted then. */
  readonly digest: Digest | undefined;
  readonly by: string | undefined;
  /** Whether it can be put back to that. */
  readonly isHeld: boolean;
}

interface DeletedTag extends Omit<PastTag, 'at'> {
  readonly tag: Tag;
  readonly at: Date | undefined;
}

/** What may be asked of repositories and tags; absent answers: it is not there. */
export interface ContentAdministration {
  repositories(
    wanted: PageWanted & {readonly namespace: string | undefined},
  ): Promise<NamedPage<RepositoryRow>>;
  repository(
    name: RepositoryName,
  ): Promise<
    (RepositoryRow & {readonly description: string; readonly size: number | undefined}) | undefined
  >;
  /** False: it is not there. */
  describe(name: RepositoryName, text: string, actor: Actor): Promise<boolean>;
  removeRepository(name: RepositoryName, actor: Actor): Promise<boolean>;
  tags(name: RepositoryName, wanted: PageWanted): Promise<NamedPage<TagRow> | undefined>;
  tag(name: RepositoryName, tag: Tag): Promise<TagRow | undefined>;
  removeTag(name: RepositoryName, tag: Tag, actor: Actor): Promise<boolean>;
  history(
    name: RepositoryName,
    tag: Tag,
    wanted: {readonly before: Date | undefined; readonly limit: number},
  ): Promise<readonly PastTag[]>;
  deletedTags(name: RepositoryName, wanted: PageWanted): Promise<NamedPage<DeletedTag>>;
  restore(
    name: RepositoryName,
    tag: Tag,
    digest: Digest,
    actor: Actor,
  ): Promise<'restored' | 'unknown' | {readonly gone: readonly string[]}>;
  /** After that one, or the newest; `last` is after which to go on. */
  events(wanted: {
    readonly after: number | undefined;
    readonly limit: number;
    readonly filter: EventFilter;
  }): Promise<{readonly events: readonly Event[]; readonly last: number}>;
}

/** What the operations on content work on: a running server has it. */
export interface ContentContext {
  readonly content: ContentAdministration;
}

export interface AdministrationContext {
  readonly db: Database['db'];
  readonly config: Pick<
    Config,
    | 'auth'
    | 'namespaces'
    | 'permissions'
    | 'notifications'
    | 'dataDir'
    | 'storage'
    | 'metadata'
    | 'cluster'
  >;
  readonly hasher: PasswordHasher;
  /** Opened when the first operation wants them. */
  readonly keys: () => Promise<SigningKeys>;
  readonly findNameElsewhere: FindNameElsewhere;
  /** Whether there are repositories below a name. */
  readonly isOccupied: (name: string) => Promise<boolean>;
  /** Accounts, teams, namespaces, tokens or webhooks have changed: what this process knows of them counts no more. */
  readonly onChange: () => void;
  /** Absent: nobody logs in here. */
  readonly locks?: LoginLocks;
  /** Who hears of what was denied. Absent: nobody. */
  readonly notes?: Pick<ActivityNotes, 'note'>;
  /** Of what another system has. Absent: nobody can ask how far it is. */
  readonly importing?: ImportProgress;
  readonly now: () => Date;
}
