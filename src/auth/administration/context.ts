/** What the operations work on: the same in a running server, and in a command where none runs. */
import type {Config} from '../../config/schema.ts';
import type {Database} from '../../metadata/database.ts';
import type {PasswordHasher} from '../password-hash.ts';
import type {FindNameElsewhere} from '../names-elsewhere.ts';
import type {SigningKeys} from '../signing-keys.ts';

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
  readonly now: () => Date;
}
