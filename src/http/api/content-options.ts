/** What resources about content work with. */
import type {Generations} from '../../auth/generations.ts';
import type {Rights} from '../../auth/rights.ts';
import type {Config} from '../../config/schema.ts';
import type {Database} from '../../metadata/database.ts';
import type {Notifications} from '../../notifications/open-notifications.ts';
import type {Registry} from '../../registry/registry.ts';

export interface ContentOptions {
  readonly db: Database['db'];
  readonly registry: Registry;
  readonly config: Pick<Config, 'externalUrl' | 'maintenance' | 'storage'>;
  /** Absent: auth.mode none, and everybody may everything. */
  readonly rights: Rights | undefined;
  /** As `rights`. */
  readonly generations: Generations | undefined;
  readonly notifications: Pick<Notifications, 'feed'>;
  readonly now: () => Date;
}
