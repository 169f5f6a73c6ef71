/** What resources about the running server work with. */
import type {IndexAdministration} from '../../auth/administration/context.ts';
import type {Loaded} from '../../config/load.ts';
import type {Config} from '../../config/schema.ts';
import type {StorageDriver} from '../../storage/driver.ts';
import type {Certificates} from '../../tls/certificates.ts';

export interface RunningOptions {
  readonly index: IndexAdministration;
  readonly driver: Pick<StorageDriver, 'name' | 'space'>;
  /** Absent: plain HTTP. */
  readonly certificates: Pick<Certificates, 'current'> | undefined;
  /** Where each setting comes from. Absent: a program has made the configuration. */
  readonly loaded:
    Pick<Loaded<Config>, 'origins' | 'written' | 'file' | 'distribution'> | undefined;
  readonly startedAt: Date;
  readonly now: () => Date;
}
