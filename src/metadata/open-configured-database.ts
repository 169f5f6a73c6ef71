/** Opens the database that the configuration names. */
import type {Config} from '../config/schema.ts';
import {type Database, openDatabase} from './database.ts';
import {placeOf} from './place.ts';

/** Brings it to the state of this version first. Rejects with a MetadataError. */
export async function openConfiguredDatabase({
  config,
  now,
}: {
  readonly config: Pick<Config, 'dataDir' | 'storage' | 'metadata' | 'namespaces'>;
  readonly now: () => Date;
}): Promise<Database> {
  return openDatabase({
    ...placeOf(config),
    rootVisibility: config.namespaces.rootVisibility,
    now,
  });
}
