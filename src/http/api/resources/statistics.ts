/** How much the registry holds, and how much it is used. */
import {z} from 'zod';
import {
  countDays,
  countDaysOf,
  type CountsOfDays,
  type Days,
  seenPaths,
} from '../../../metadata/content/days.ts';
import {pathOf} from '../../../metadata/content/path.ts';
import type {Span} from '../../../metadata/content/span.ts';
import {isRepositoryName} from '../../../oci/name.ts';
import {rootNamespace} from '../../../oci/owning-namespace.ts';
import type {ContentStatistics} from '../../../registry/statistics.ts';
import {ApiError} from '../api-error.ts';
import type {Asker} from '../asker.ts';
import type {ContentOptions} from '../content-options.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {time} from '../fields.ts';
import {idOf, seesAll, spanOf} from '../repository-sight.ts';
import {repositoryId, rowOf} from './repositories.ts';

const largest = 100;
const mostNamespaces = 1000;
const mostDays = 366;

const exclusive = z
  .number()
  .nullable()
  .describe('Of what no other one holds, in bytes; null: for admins alone.');

const storageAnswer = z
  .strictObject({
    as_of: time.describe('When it was counted: at most some minutes ago.'),
    repositories: z.number(),
    tags: z.number().nullable().describe('Null: for admins alone.'),
    objects: z.number().nullable().describe('Blobs and manifests. Null: for admins alone.'),
    bytes: z.number().nullable().describe('Of each of them once. Null: for admins alone.'),
    namespaces: z
      .array(
        z
          .strictObject({
            name: z.string().describe('Empty: of names without a slash.'),
            repositories: z.number(),
            bytes: z.number().describe('Each blob once.'),
            exclusive_bytes: exclusive,
            shared_bytes: exclusive.describe('Of what others hold too; null: for admins alone.'),
          })
          .meta({id: 'NamespaceStorage'}),
      )
      .describe(`The largest first, up to ${mostNamespaces}.`),
    largest: z
      .array(
        z
          .strictObject({
            id: z.string(),
            full_name: z.string(),
            bytes: z.number().describe('Each blob once.'),
            exclusive_bytes: exclusive,
            shared_bytes: exclusive.describe('Of what others hold too; null: for admins alone.'),
          })
          .meta({id: 'RepositoryStorage'}),
      )
      .describe(`The ${largest} largest repositories.`),
  })
  .meta({id: 'Storage', description: 'What the storage holds of what the caller may see.'});

const dayAnswer = z
  .strictObject({
    day: z.string().describe('Of UTC, as 2026-11-26.'),
    pulls: z.number(),
    pushes: z.number(),
  })
  .meta({id: 'Day'});

const days = z
  .string()
  .regex(/^[1-9]\d{0,2}$/, `must be a number from 1 to ${mostDays}`)
  .transform(Number)
  .refine((value) => value <= mostDays, `must be a number from 1 to ${mostDays}`)
  .prefault('30')
  .meta({type: 'integer', default: 30, maximum: mostDays, description: 'How many.'});

export function statisticsEndpoints(options: ContentOptions): readonly Endpoint[] {
  const {db, registry, now} = options;
  /** With those that have none, whoever counts them. */
  const dayByDay = async (length: number, count: (days: Days) => Promise<CountsOfDays>) => {
    const today = now().getTime();
    const all = Array.from({length}, (_, at) =>
      new Date(today - (length - 1 - at) * 86_400_000).toISOString().slice(0, 10),
    );
    const counts = await count({from: all[0] ?? '', to: all.at(-1) ?? ''});
    return all.map((day) => ({day, ...(counts.get(day) ?? {pulls: 0, pushes: 0})}));
  };
  return [
    endpoint({
      name: 'statistics-storage',
      method: 'get',
      path: '/statistics/storage',
      summary: 'Tell how much is stored, and whose it is',
      who: 'account',
      limited: true,
      rule: 'Of what the caller may see; what is shared, and with whom not, is told to admins.',
      answers: {200: {description: 'The numbers.', schema: storageAnswer}},
      handle: async ({asker}) => {
        const span = await spanOf(options, asker);
        await registry.settled();
        const isWhole = !options.rights || seesAll(asker);
        return {
          status: 200,
          body: present(
            await registry.statistics.read(),
            asker.isWhole || isWhole ? span : {...span, namespaces: []},
            isWhole,
          ),
        };
      },
    }),
    endpoint({
      name: 'statistics-days',
      method: 'get',
      path: '/statistics/days',
      summary: 'Tell how much was pulled and pushed, day by day',
      description: 'The last day is today, of UTC.',
      who: 'account',
      limited: true,
      looksUp: true,
      rule: 'Of what the caller may see; of repositories that are gone, too, for admins.',
      query: z.strictObject({
        days,
        namespace: z
          .string()
          .max(255)
          .transform((name) => (name === '/' ? rootNamespace : name))
          .optional()
          .describe('Of what lies in it and below alone; / for names without a slash.'),
      }),
      answers: {200: {description: 'Each day, the oldest first.', schema: z.array(dayAnswer)}},
      handle: async ({asker, query: {days: length, namespace}}) => {
        if (!options.rights || seesAll(asker)) {
          return {
            status: 200,
            body: await dayByDay(length, async (all) => countDays(db, all, namespace)),
          };
        }
        const paths = await pathsFor(options, asker, namespace);
        return {
          status: 200,
          body: await dayByDay(length, async (all) => countDaysOf(db, all, paths)),
        };
      },
    }),
    endpoint({
      name: 'repository-days',
      method: 'get',
      path: '/repositories/:id/days',
      summary: 'Tell how much was pulled of and pushed to a repository, day by day',
      description: 'The last day is today, of UTC.',
      who: 'anonymous',
      limited: true,
      params: repositoryId,
      query: z.strictObject({days}),
      answers: {200: {description: 'Each day, the oldest first.', schema: z.array(dayAnswer)}},
      handle: async ({asker, params, query: {days: length}}) => {
        const {name} = await rowOf(options, asker, params.id);
        const path = pathOf(name);
        return {
          status: 200,
          body: await dayByDay(length, async (all) => countDaysOf(db, all, [path])),
        };
      },
    }),
  ];
}

/** Throws an ApiError `unknown` where a namespace has nothing that he may see, and would have none of his. */
async function pathsFor(
  options: ContentOptions,
  asker: Asker,
  namespace: string | undefined,
): Promise<readonly string[]> {
  const span = await spanOf(options, asker);
  await options.registry.settled();
  const paths = await seenPaths(options.db, span, namespace);
  if (namespace === undefined || paths.length > 0) return paths;
  const inside = namespace === rootNamespace ? 'x' : `${namespace}/x`;
  if (isRepositoryName(inside) && span.has?.(inside) !== false) return paths;
  throw new ApiError('unknown', 'there is no such namespace');
}

function present(
  statistics: ContentStatistics,
  {has = () => true, namespaces: seen}: Span,
  isWhole: boolean,
): z.output<typeof storageAnswer> {
  const repositories = [...statistics.repositories].filter(([name]) => has(name));
  // Of a namespace everything is seen, or nothing.
  const visible = new Set(seen);
  const namespaces = [...statistics.namespaces].filter(([name]) => isWhole || visible.has(name));
  const parts = ({
    bytes,
    exclusive: own,
  }: {
    readonly bytes: number;
    readonly exclusive: number;
  }) => ({
    bytes,
    exclusive_bytes: isWhole ? own : null,
    shared_bytes: isWhole ? bytes - own : null,
  });
  return {
    as_of: statistics.at.toISOString(),
    repositories: repositories.length,
    tags: isWhole ? statistics.tags : null,
    objects: isWhole ? statistics.objects : null,
    bytes: isWhole ? statistics.bytes : null,
    namespaces: namespaces
      .toSorted(([, one], [, other]) => other.bytes - one.bytes)
      .slice(0, mostNamespaces)
      .map(([name, sum]) => ({name, repositories: sum.repositories, ...parts(sum)})),
    largest: repositories
      .toSorted(([, one], [, other]) => other.bytes - one.bytes)
      .slice(0, largest)
      .map(([name, sum]) => ({id: idOf(name), full_name: name, ...parts(sum)})),
  };
}
