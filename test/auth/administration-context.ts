/** What operations work on, over a database of a test. */
import type {AdministrationContext} from '../../src/auth/administration/context.ts';
import {nameFinder} from '../../src/auth/names-elsewhere.ts';
import {PasswordHasher} from '../../src/auth/password-hash.ts';
import {configSchema} from '../../src/config/schema.ts';
import type {Database} from '../../src/metadata/database.ts';
import {now} from '../metadata/workbench.ts';
import {keptLog} from './workbench.ts';

export function contextOf(db: Database['db'], settings: object = {}): AdministrationContext {
  const config = configSchema.parse(settings);
  return {
    db,
    config,
    hasher: new PasswordHasher(),
    keys: () => Promise.reject(new Error('no keys here')),
    findNameElsewhere: nameFinder(config, [], keptLog().log),
    isOccupied: () => Promise.resolve(false),
    onChange: () => undefined,
    now: () => new Date(now),
  };
}
