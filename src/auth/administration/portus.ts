/** The operation that takes over a database of Portus, and the one that tells how far it is. */
import {isAbsolute} from 'node:path';
import {z} from 'zod';
import {describeAddress, isLoopback, parseDatabaseUrl} from '../../config/database-url.ts';
import type {MovedProvider, MoveOptions} from '../../metadata/portus/move.ts';
import type {ServerOptions} from '../../metadata/server-pool.ts';
import {ImportProgress} from '../import-progress.ts';
import {subjectOf} from '../providers/oidc-person.ts';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';
import {userName} from './fields.ts';
import {changeApart, question} from './operation.ts';

const count = z.number();

const portusReport = z.object({
  /** The address of the database, without the password. */
  from: z.string(),
  isDry: z.boolean(),
  /** Names of hosts by which clients may know that registry. */
  registries: z.array(z.string()),
  tallies: z.array(z.object({what: z.string(), taken: count, before: count, left: count})),
  findings: z.array(
    z.object({reason: z.string(), sentence: z.string(), count, names: z.array(z.string())}),
  ),
});
export type PortusReport = z.output<typeof portusReport>;

const word = z.string().min(1).max(255);

const input = z.strictObject({
  database: z.string('must be text').max(4000),
  /** Not in the address: that is shown. */
  password: z.string().max(4096).optional(),
  tls: z.enum(['off', 'require', 'verify']).optional(),
  /** Who asks may stand in another directory. */
  caFile: z.string().max(4000).refine(isAbsolute, 'must be a whole path').optional(),
  /** Ids of auth.oidc, by what Portus calls the provider. */
  providers: z.record(word, word).default({}),
  samePeople: z.array(userName).max(10_000).default([]),
  isDry: z.boolean().default(false),
});

export const importPortus = changeApart(
  'import portus',
  {
    input,
    output: portusReport,
    records: {
      key: 'import.portus',
      about: ({database}) => ({subject: shownAddress(database)}),
      isDry: ({isDry}) => isDry,
    },
  },
  async (context, given) => {
    const {db, importing = new ImportProgress(), now, onChange} = context;
    const from = serverOf(given);
    const providers = providersOf(context, given.providers);
    if (!importing.begin()) {
      throw new AdministrationError('refused', 'an import is under way already');
    }
    try {
      const {movePortus} = await import('../../metadata/portus/move.ts');
      const report = await movePortus({
        db,
        from,
        providers,
        hasDirectory: context.config.auth.ldap.urls.length > 0,
        samePeople: new Set<string>(given.samePeople),
        isDry: given.isDry,
        now: now().getTime(),
        onRows: (done, all) => {
          importing.note({done, all});
        },
      });
      return portusReport.parse({...report, isDry: given.isDry});
    } finally {
      importing.end();
      onChange();
    }
  },
);

/** In milliseconds: for a connection. */
const timeout = 10_000;

/** Without a password, which may not stand there, and would not have been taken. */
function shownAddress(database: string): string {
  const address = parseDatabaseUrl(database);
  return typeof address === 'string' ? '' : describeAddress(address);
}

function serverOf({database, password, tls, caFile}: z.output<typeof input>): ServerOptions {
  const address = parseDatabaseUrl(database);
  if (typeof address === 'string') {
    throw new AdministrationError('invalid', `database ${address}`);
  }
  if (address.password !== undefined) {
    throw new AdministrationError(
      'invalid',
      'database must have no password in it: everybody on this host can read a command line',
    );
  }
  const usual = isLoopback(address) ? 'off' : 'verify';
  return {...address, password, tls: tls ?? usual, caFile, connections: 2, timeout};
}

function providersOf(
  {config}: AdministrationContext,
  given: Readonly<Record<string, string>>,
): MoveOptions['providers'] {
  return new Map(
    Object.entries(given).map(([theirs, id]): [string, MovedProvider] => {
      const settings = config.auth.oidc.find((each) => each.id === id);
      if (!settings) {
        throw new AdministrationError(
          'invalid',
          `providers has ${id}, which is no id of auth.oidc`,
        );
      }
      const {issuer: iss} = settings;
      return [theirs, {id, subjectOf: (sub) => subjectOf({iss, sub})}];
    }),
  );
}

export const showImport = question(
  'import status',
  {
    input: z.strictObject({}),
    output: z.object({running: z.object({done: count, all: count}).optional()}),
  },
  async ({importing}: AdministrationContext) => Promise.resolve({running: importing?.current}),
);
