/** Operations on what was written down of all that was done. */
import {z} from 'zod';
import {dataPaths} from '../../config/data-directory.ts';
import type {Config} from '../../config/schema.ts';
import {listActivities as readPage} from '../../metadata/activity-pages.ts';
import type {Database} from '../../metadata/database.ts';
import {readHead} from '../activities/chain-head.ts';
import {filterFields, toFilter} from '../activities/filter.ts';
import {SealKeys} from '../activities/seal-keys.ts';
import {everything, shownActivity, toShown} from '../activities/shown.ts';
import {verifyActivities} from '../activities/verify.ts';
import {changeApart, question} from './operation.ts';

/** Where the one before ended: `TIME.ID`. */
const place = z
  .string()
  .regex(/^\d{1,15}\.[\w-]{1,64}$/, 'must be what `next` said')
  .transform((text) => {
    const [at = '', id = ''] = text.split('.');
    return {at: Number(at), id};
  });

/** The newest first. */
export const listActivities = question(
  'activity list',
  {
    input: z.strictObject({
      ...filterFields,
      limit: z.int().min(1).max(1000).default(500),
      after: place.optional(),
    }),
    output: z.object({activities: z.array(shownActivity), next: z.string().optional()}),
  },
  async ({db}, {limit, after, ...given}) => {
    const found = await readPage(db, {filter: toFilter(given), sight: 'all', after, limit});
    const last = found.length === limit ? found.at(-1) : undefined;
    return {
      activities: found.map((activity) => toShown(activity, everything)),
      ...(last && {next: `${last.at}.${last.id}`}),
    };
  },
);

const number = z.number();

export const verification = z
  .strictObject({
    findings: z
      .array(
        z.strictObject({
          kind: z.string(),
          seal: number.optional(),
          row: z.string().optional(),
          sentence: z.string(),
        }),
      )
      .describe('Empty: all is as it was when it was sealed.'),
    seals: number,
    rows: number.describe('That are sealed.'),
    unsealed: number.describe('That are not sealed yet.'),
    removed_up_to: number.optional().describe('Up to this seal all was removed as too old.'),
    last: z.strictObject({number, hash: z.string()}).optional().describe('The last seal.'),
    restarts: z
      .array(z.strictObject({at: z.string(), from: number, to: number}))
      .describe('When a backup was put back, and which seal was the last before and after.'),
  })
  .meta({id: 'ActivityVerification', description: 'Whether activities were changed.'});

export async function verifyChain(
  db: Database['db'],
  config: Pick<Config, 'dataDir' | 'storage' | 'metadata'>,
): Promise<z.output<typeof verification>> {
  const {keys: directory} = dataPaths(config);
  const head = await readHead(directory);
  const keys = await new SealKeys(directory).all();
  const {removedUpTo, findings, ...rest} = await verifyActivities(db, {keys, head});
  return {
    ...rest,
    findings: [...findings],
    removed_up_to: removedUpTo,
    restarts: head?.restarts ?? [],
  };
}

export const verifySeals = question(
  'activity verify',
  {input: z.strictObject({}), output: verification},
  async ({db, config}) => verifyChain(db, config),
);

/** What was sealed before stays verifiable. */
export const rotateSealKey = changeApart(
  'activity rotate-key',
  {
    input: z.strictObject({}),
    output: z.object({key: z.string()}),
    records: {key: 'activity.rotate_key', about: () => ({subject: 'seal key'})},
  },
  async ({config, now}) => {
    const {id} = await new SealKeys(dataPaths(config).keys).rotate(now());
    return {key: id};
  },
);
