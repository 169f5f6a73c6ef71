/** A command that is typed in another directory than the server's must not make a second registry there. */
import {sep} from 'node:path';
import {dataDirectoryState, dataPaths, isStorageEmpty} from '../config/data-directory.ts';
import type {Loaded} from '../config/load.ts';
import type {Config} from '../config/schema.ts';
import {quoted} from '../config/tree-check.ts';
import {Failure} from './failure.ts';

/** The configuration, and who has said which data directory it is. */
export type Place = Pick<Loaded<Config>, 'config' | 'origins'>;

const naming = 'name it with --data-dir or --config';

/** Rejects with a Failure where there is none. */
export async function requireDataDirectory(config: Config): Promise<void> {
  if ((await dataDirectoryState(config)) !== 'absent') return;
  throw new Failure(
    `there is no data directory in ${dataPaths(config).root}; ${naming} (a server makes it at its first start)`,
    {code: 2},
  );
}

/** As `requireDataDirectory`, and where nothing lies in the storage and no database beside it: what is not mounted looks so. */
export async function requireStorage(config: Config): Promise<void> {
  await requireDataDirectory(config);
  const {root, registry, database} = dataPaths(config);
  const isBegun = database.startsWith(root + sep) && (await dataDirectoryState(config)) === 'there';
  if ((isBegun && config.metadata.url === undefined) || !(await isStorageEmpty(config))) return;
  throw new Failure(
    `there is nothing in ${registry}: is it mounted? If it is another one, ${naming} (a server makes it at its first start)`,
    {code: 2},
  );
}

/** Rejects with a Failure where there is none, and the one that would be made is named by nobody. */
export async function requireNamed({config, origins}: Place): Promise<void> {
  const isNamed = origins.get('dataDir')?.kind !== 'default';
  if (isNamed || (await dataDirectoryState(config)) !== 'absent') return;
  const {root} = dataPaths(config);
  throw new Failure(
    `there is no data directory in ${root}; name the one that is meant with --data-dir, or with dataDir in the configuration. To begin one there: --data-dir ${quoted(root)}`,
    {code: 2},
  );
}

/** As `requireDataDirectory`, and where no server has started on it nor a user was made. */
export async function requireDatabase(config: Config): Promise<void> {
  await requireDataDirectory(config);
  if ((await dataDirectoryState(config)) === 'there') return;
  const {root, database} = dataPaths(config);
  throw new Failure(
    `the data directory ${root} has no database yet (${database}): if it is another one, ${naming}; a server makes the database at its first start, and so does "holdfast user create"`,
    {code: 2},
  );
}
