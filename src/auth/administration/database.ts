/** Operations on the database as a whole; what knows the engines is loaded when it is needed. */
import {isAbsolute} from 'node:path';
import {z} from 'zod';
import {dataPaths, runDirectory} from '../../config/data-directory.ts';
import {engineOf, placeOf, titleOf} from '../../metadata/place.ts';
import {restartHead} from '../activities/chain-head.ts';
import {changeApart, question} from './operation.ts';
import type {About} from './record.ts';

const counted = z.array(z.object({table: z.string(), rows: z.number()}));
/** Who asks may stand in another directory. */
const file = z.string().min(1).max(4000).refine(isAbsolute, 'must be a whole path');

export const showDatabase = question(
  'database show',
  {
    input: z.strictObject({}),
    output: z.object({
      engine: z.enum(['sqlite', 'mariadb', 'postgres']),
      place: z.string(),
      version: z.string(),
      size: z.number(),
      migrations: z.array(z.string()),
      tables: counted,
      latency: z.number(),
    }),
  },
  async ({db, config}) => {
    const {readDatabaseStatus} = await import('../../metadata/database-status.ts');
    const place = placeOf(config);
    const {migrations, tables, ...status} = await readDatabaseStatus(db, {
      name: engineOf(place),
      title: titleOf(place),
    });
    return {...status, migrations: [...migrations], tables: [...tables]};
  },
);

const ofFile = {
  input: z.strictObject({file}),
  output: z.object({file: z.string(), tables: counted}),
};
const about = ({file: subject}: {readonly file: string}): About => ({subject});

export const backUpDatabase = changeApart(
  'database backup',
  {...ofFile, records: {key: 'database.backup', about}},
  async ({db, config}, input) => {
    const {backUp} = await import('../../metadata/backup.ts');
    const tables = await backUp(db, placeOf(config), input.file);
    return {file: input.file, tables: [...tables]};
  },
);

export const restoreDatabase = changeApart(
  'database restore',
  {...ofFile, records: {key: 'database.restore', about}},
  async ({db, config, now, onChange}, input) => {
    const {restore} = await import('../../metadata/restore.ts');
    const {keys} = dataPaths(config);
    const directory = runDirectory(config);
    const tables = await restore(db, placeOf(config), {file: input.file, directory});
    await restartHead(db, keys, now());
    onChange();
    return {file: input.file, tables: [...tables]};
  },
);
