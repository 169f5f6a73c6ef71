/** What operations work on, over a database of a test. */
import type {AdministrationContext} from '../../src/auth/administration/context.ts';
import {PasswordHasher} from '../../src/auth/password-hash.ts';
import {configSchema} from '../../src/config/schema.ts';
import type {Database} from '../../src/metadata/database.ts';
import {now} from '../metadata/workbench.ts';

export const contextOf = (db: Database['db'], settings: object = {}): AdministrationContext => ({
  db,
  config: configSchema.parse(settings),
  hasher: new PasswordHasher(),
  keys: () => Promise.reject(new Error('no keys here')),
  findNameElsewhere: () => Promise.resolve(undefined),
  isOccupied: () => Promise.resolve(false),
  onChange: () => undefined,
  now: () => new Date(now),
});
