/** Opens the database that the configuration names. */
import type {DataPaths} from '../config/data-directory.ts';
import type {Config} from '../config/schema.ts';
import {type Database, openDatabase} from './database.ts';

/** Brings it to the state of this version first. Rejects with a MetadataError. */
export async function openConfiguredDatabase({
  config: {metadata, namespaces},
  paths,
  now,
}: {
  readonly config: Pick<Config, 'metadata' | 'namespaces'>;
  readonly paths: DataPaths;
  readonly now: () => Date;
}): Promise<Database> {
  return openDatabase({
    file: paths.database,
    allowNetworkFileSystem: metadata.allowNetworkFileSystem,
    rootVisibility: namespaces.rootVisibility,
    now,
  });
}
