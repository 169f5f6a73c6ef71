/** Brings the tables to the state that this version works on. */
import {type Kysely, sql} from 'kysely';
import {type Migration, Migrator} from 'kysely/migration';
import type {Engine} from './engine.ts';
import {MetadataError} from './metadata-error.ts';
import type {Schema} from './schema.ts';

export type Migrations = Readonly<Record<string, Migration>>;

export interface MigrationReport {
  /** Names of what was done, in its order; empty: nothing was to do. */
  readonly applied: readonly string[];
  /** The path of the copy that was made before; absent where there was nothing to copy, or a server has it. */
  readonly copy?: string;
}

export interface MigrationOptions {
  readonly db: Kysely<Schema>;
  readonly engine: Engine;
  readonly migrations: Migrations;
  /** Nodes that serve on it meanwhile, perhaps of an earlier version. */
  readonly others?: readonly string[] | undefined;
}

/** By its name, which is all that an earlier version sees: it works on what this one has left as on what was before. */
const isAdditive = (name: string): boolean => name.endsWith('-additive');

/** Names, in their order. */
async function readApplied(
  db: Kysely<Schema>,
  {hasTable}: Pick<Engine, 'hasTable'>,
): Promise<readonly string[]> {
  if (!(await hasTable(db, 'kysely_migration'))) return [];
  const {rows} = await sql<{name: string}>`select name from kysely_migration order by name`.execute(
    db,
  );
  return rows.map(({name}) => name);
}

async function readPending({engine, migrations}: MigrationOptions, applied: readonly string[]) {
  const pending = Object.keys(migrations)
    .filter((name) => !applied.includes(name))
    .sort();
  const unknown = applied.filter((name) => !Object.hasOwn(migrations, name));
  // What is still to be done here was made without what was added there.
  const newer = unknown.find((name) => !isAdditive(name) || pending.length > 0);
  if (newer === undefined) return pending;
  const copy = await engine.copies?.find(newer);
  const remedy =
    copy === undefined
      ? ''
      : `, or stop every process that uses it and put back ${copy}, the copy from before`;
  throw new MetadataError(
    'newer',
    `${engine.title} was changed by a newer version of Holdfast (${newer} is not known here): run that version${remedy}`,
  );
}

/** Throws a MetadataError where other nodes serve which a change would take by surprise. */
function requireBearable(
  {engine, others = []}: MigrationOptions,
  pending: readonly string[],
): void {
  const changing = pending.find((name) => !isAdditive(name));
  if (changing === undefined || others.length === 0) return;
  throw new MetadataError(
    'refused',
    `${engine.title} has to be changed for this version (${changing}), and ${others.join(', ')} may work on it as it is: stop every other node first; where their hosts are gone for good, holdfast migrate changes it`,
  );
}

/**
 * Under a lock between processes; all or nothing where the engine can do that, else what was cut off is finished by the next one. Rejects with
 * a MetadataError: `newer` where this version is too old, `refused` where other nodes could not bear it.
 */
export async function migrate(options: MigrationOptions): Promise<MigrationReport> {
  const {db, engine, migrations} = options;
  const {copies} = engine;
  const applied = await readApplied(db, engine);
  const [first] = await readPending(options, applied);
  if (first === undefined) return {applied: []};
  const earlyCopy =
    copies?.isEarly === true && applied.length > 0 ? await copies.keep(first) : undefined;
  return engine.alone(db, async (turn) => {
    const present = await readApplied(turn, engine);
    const pending = await readPending(options, present);
    const [next] = pending;
    if (next === undefined) return {applied: []};
    if (present.length > 0) requireBearable(options, pending);
    const copy = earlyCopy ?? (present.length > 0 ? await copies?.keep(next) : undefined);
    const provider = {getMigrations: async () => Promise.resolve({...migrations})};
    const {error, results = []} = await new Migrator({db: turn, provider}).migrateToLatest();
    // Whatever it is, thrown here it undoes what can be undone.
    if (error !== undefined) {
      throw error instanceof Error ? error : new Error('a migration failed', {cause: error});
    }
    const done = results.map(({migrationName}) => migrationName);
    return {applied: done, ...(copy === undefined ? {} : {copy})};
  });
}
