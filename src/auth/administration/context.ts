/** What the operations work on: the same in a running server, and in a command where none runs. */
import type {Config} from '../../config/schema.ts';
import type {StoredIndexStatus} from '../../metadata/content/index-status.ts';
import type {Database} from '../../metadata/database.ts';
import type {PasswordHasher} from '../password-hash.ts';
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
  /** Begins to compare it with the storage, unless that is under way. */
  rebuild(): Promise<IndexStatus>;
}

/** What the operations on the index work on: they need no accounts. */
export interface IndexContext {
  readonly index: IndexAdministration;
}

export interface AdministrationContext {
  readonly db: Database['db'];
  readonly config: Pick<
    Config,
    'auth' | 'namespaces' | 'permissions' | 'dataDir' | 'storage' | 'metadata'
  >;
  readonly hasher: PasswordHasher;
  /** Opened when the first operation wants them. */
  readonly keys: () => Promise<SigningKeys>;
  readonly findNameElsewhere: FindNameElsewhere;
  /** Whether there are repositories below a name. */
  readonly isOccupied: (name: string) => Promise<boolean>;
  /** Accounts, teams, namespaces or tokens have changed: what this process knows of them counts no more. */
  readonly onChange: () => void;
  /** Of what another system has. Absent: nobody can ask how far it is. */
  readonly importing?: ImportProgress;
  readonly now: () => Date;
}
