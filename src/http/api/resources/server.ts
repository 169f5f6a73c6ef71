/** The running server: its configuration, its index, and what it runs on. */
import {z} from 'zod';
import {rebuildIndex, showIndex} from '../../../auth/administration/content-index.ts';
import {settingsInForce} from '../../../config/in-force.ts';
import {configSchema} from '../../../config/schema.ts';
import {version} from '../../../config/version.ts';
import {dataPaths} from '../../../config/data-directory.ts';
import type {AdministrationContext} from '../../../auth/administration/context.ts';
import {engineOf, placeOf, titleOf} from '../../../metadata/place.ts';
import {ApiError} from '../api-error.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, time} from '../fields.ts';
import type {RunningOptions} from '../server-options.ts';

const configurationAnswer = z
  .strictObject({
    file: z.string().nullable(),
    distribution_file: z.string().nullable().describe('That of Docker Distribution.'),
    settings: z.array(
      z.strictObject({
        path: z.string().describe('As http.listen.'),
        value: z.unknown().describe('As one would write it; null: it is not set.'),
        origin: z.enum(['default', 'file', 'environment', 'flag']),
        origin_detail: z.string().nullable().describe('FILE:LINE, the variable or the flag.'),
        variable: z.string(),
      }),
    ),
  })
  .meta({id: 'ServerConfiguration', description: 'What is in force, and from where; no secrets.'});

const comparison = z.strictObject({
  repositories: z.number().int(),
  expected: z.number().int().nullable().describe('So many repositories there are about.'),
  tags: z.number().int(),
  manifests: z.number().int(),
  gone: z.number().int().describe('Repositories that the storage has no more.'),
});
const indexAnswer = z
  .strictObject({
    state: z.enum(['complete', 'building']),
    started_at: time.nullable(),
    finished_at: time.nullable(),
    repositories: z.number().int(),
    open_changes: z.number().int(),
    running: comparison.nullable().describe('The comparison with the storage under way.'),
    last: comparison.nullable().describe('The one before; null: none since the start.'),
    problem: z.string().nullable(),
  })
  .meta({id: 'IndexState', description: 'The index of content, and its comparison.'});

const nodeAnswer = z
  .strictObject({
    version: z.string(),
    node_version: z.string(),
    platform: z.string(),
    started_at: time,
    uptime: z.number().int().describe('In seconds.'),
    memory: z.number().int().describe('In bytes, of this process.'),
    data_dir: z.string(),
    database: z.strictObject({
      engine: z.enum(['sqlite', 'mariadb', 'postgres']),
      place: z.string().describe('The file, or the address without its password.'),
    }),
    storage: z.strictObject({
      driver: z.string(),
      place: z.string(),
      total: z.number().int().nullable().describe('In bytes, of the file system.'),
      available: z.number().int().nullable().describe('In bytes.'),
    }),
  })
  .meta({id: 'Node', description: 'This process, and what it runs on.'});

export const server = (
  context: AdministrationContext,
  running: RunningOptions,
): readonly Endpoint[] => [
  endpoint({
    name: 'configuration',
    method: 'get',
    path: '/configuration',
    summary: 'Tell each setting in force, and where it comes from',
    description: 'As `holdfast config print`; secrets are hidden.',
    who: 'admin',
    canBeOff: true,
    answers: {200: {description: 'All settings.', schema: configurationAnswer}},
    handle: () => ({status: 200, body: configurationOf(running)}),
  }),
  endpoint({
    name: 'index-show',
    method: 'get',
    path: '/index',
    summary: 'Tell the state of the index, and how far a comparison is',
    who: 'admin',
    answers: {200: {description: 'The state.', schema: indexAnswer}},
    handle: async ({asker}) => ({
      status: 200,
      body: presentIndex(await showIndex.perform(running, accountOf(asker), {})),
    }),
  }),
  endpoint({
    name: 'index-reindex',
    method: 'post',
    path: '/index/reindex',
    summary: 'Compare the index with the storage, and mend it',
    description: 'Answers at once; `GET /index` tells how far it is.',
    who: 'admin',
    answers: {202: {description: 'It has begun.', schema: indexAnswer}},
    handle: async ({asker}) => {
      const {hasBegun, ...status} = await rebuildIndex.perform(running, accountOf(asker), {});
      if (!hasBegun) throw new ApiError('refused', 'a comparison is under way already');
      return {status: 202, body: presentIndex(status)};
    },
  }),
  endpoint({
    name: 'node',
    method: 'get',
    path: '/node',
    summary: 'Tell what this process is, and what it runs on',
    who: 'admin',
    answers: {200: {description: 'What it is.', schema: nodeAnswer}},
    handle: async () => ({status: 200, body: await nodeOf(context.config, running)}),
  }),
];

/** Throws an ApiError `off`. */
function configurationOf({loaded}: RunningOptions): z.output<typeof configurationAnswer> {
  if (!loaded) throw new ApiError('off', 'a program has made the configuration of this server');
  return {
    file: loaded.file ?? null,
    distribution_file: loaded.distribution?.file ?? null,
    settings: settingsInForce(configSchema, loaded).map(({path, value, origin, variable}) => ({
      path,
      value: value ?? null,
      origin: origin.kind,
      origin_detail: origin.detail ?? null,
      variable,
    })),
  };
}

type Comparison = NonNullable<z.output<typeof showIndex.output>['running']>;

const presentComparison = ({expected, ...rest}: Comparison) => ({
  ...rest,
  expected: expected ?? null,
});

const presentIndex = ({
  state,
  startedAt,
  finishedAt,
  repositories,
  openChanges,
  running,
  last,
  problem,
}: z.output<typeof showIndex.output>): z.output<typeof indexAnswer> => ({
  state,
  started_at: startedAt ?? null,
  finished_at: finishedAt ?? null,
  repositories,
  open_changes: openChanges,
  running: running ? presentComparison(running) : null,
  last: last ? presentComparison(last) : null,
  problem: problem ?? null,
});

async function nodeOf(
  config: AdministrationContext['config'],
  {driver, startedAt, now}: RunningOptions,
): Promise<z.output<typeof nodeAnswer>> {
  const space = await driver.space?.();
  const place = placeOf(config);
  return {
    version: version(),
    node_version: process.version,
    platform: `${process.platform} ${process.arch}`,
    started_at: startedAt.toISOString(),
    uptime: Math.max(0, Math.floor((now().getTime() - startedAt.getTime()) / 1000)),
    memory: process.memoryUsage.rss(),
    data_dir: dataPaths(config).root,
    database: {engine: engineOf(place), place: titleOf(place)},
    storage: {
      driver: driver.name,
      place: dataPaths(config).registry,
      total: space?.total ?? null,
      available: space?.available ?? null,
    },
  };
}
