/** What operations work on where no server runs, with what a command may make on the disk. */
import {restoreDatabase} from '../auth/administration/database.ts';
import {importPortus} from '../auth/administration/portus.ts';
import {createUser} from '../auth/administration/users.ts';
import {type OpenAdministration, openAdministration} from '../auth/open-administration.ts';
import {
  type DataPaths,
  checkDataDirectory,
  dataPaths,
  prepareDataDirectory,
} from '../config/data-directory.ts';
import {ConfigError} from '../config/fault.ts';
import type {Config} from '../config/schema.ts';
import {type Place, requireDatabase, requireNamed} from './data-directory.ts';
import {stderrLog} from './stderr-log.ts';

/** Verbs of operations that change nothing: for them nothing is made, no directory and no key. */
const reading = /^\S+ (list|show|explain|status|verify)$/;

/** What brings the first accounts, before the first start. */
const beginning: ReadonlySet<string> = new Set(
  [createUser, restoreDatabase, importPortus].map(({name}) => name),
);

/** For the operation of that name. Rejects with a Failure, a ConfigError or a MetadataError. */
export async function openAlone(place: Place, operation: string): Promise<OpenAdministration> {
  const {config} = place;
  const readsOnly = reading.test(operation);
  await (beginning.has(operation) ? requireNamed(place) : requireDatabase(config));
  const paths = await (readsOnly ? examine(config) : prepare(config));
  return openAdministration({config, paths, readsOnly, log: stderrLog});
}

/** Without the storage, whose place the server may be told with flags. */
const prepare = async (config: Config): Promise<DataPaths> =>
  (await prepareDataDirectory(config, {withStorage: false})).paths;

async function examine(config: Config): Promise<DataPaths> {
  const {faults} = await checkDataDirectory(config);
  if (faults.length > 0) throw new ConfigError(faults);
  return dataPaths(config);
}
