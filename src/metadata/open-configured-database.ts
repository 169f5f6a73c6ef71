/** Opens the database that the configuration names. */
import type {Config} from '../config/schema.ts';
import type {Clock} from '../host/clock.ts';
import {type Database, openDatabase} from './database.ts';
import type {ObserveStatement} from './observed-dialect.ts';
import {placeOf} from './place.ts';

/** Brings it to the state of this version first. Rejects with a MetadataError. */
export async function openConfiguredDatabase({
  config,
  now,
  observe,
  others,
}: {
  readonly config: Pick<Config, 'dataDir' | 'storage' | 'metadata' | 'namespaces'>;
  readonly now: Clock;
  readonly observe?: ObserveStatement;
  /** Nodes that serve on it meanwhile. */
  readonly others?: readonly string[];
}): Promise<Database> {
  const {rootVisibility} = config.namespaces;
  return openDatabase({...placeOf(config), rootVisibility, now, observe, others});
}
