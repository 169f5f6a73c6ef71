/** What operations work on where no server runs, with what a command may make on the disk. */
import {type OpenAdministration, openAdministration} from '../auth/open-administration.ts';
import {
  type DataPaths,
  checkDataDirectory,
  dataPaths,
  prepareDataDirectory,
} from '../config/data-directory.ts';
import {ConfigError} from '../config/fault.ts';
import type {Config} from '../config/schema.ts';
import {requireDatabase} from './data-directory.ts';
import {stderrLog} from './stderr-log.ts';

interface Rights {
  /** The data directory may be made. */
  readonly mayBegin: boolean;
  /** Nothing is made, no directory and no key. */
  readonly readsOnly: boolean;
}

/** Rejects with a Failure, a ConfigError or a MetadataError. */
export async function openAlone(
  config: Config,
  {mayBegin, readsOnly}: Rights,
): Promise<OpenAdministration> {
  if (!mayBegin) await requireDatabase(config);
  const paths = await (readsOnly ? examine(config) : prepare(config));
  const log = {...stderrLog, debug: () => undefined};
  return openAdministration({config, paths, readsOnly, log});
}

const prepare = async (config: Config): Promise<DataPaths> =>
  (await prepareDataDirectory(config)).paths;

async function examine(config: Config): Promise<DataPaths> {
  const {faults} = await checkDataDirectory(config);
  if (faults.length > 0) throw new ConfigError(faults);
  return dataPaths(config);
}
