/** Takes over a database of Portus: accounts and all that depends on them in one transaction, then the activities. */
import type {Kysely} from 'kysely';
import {findNamespaceByName} from '../namespaces.ts';
import {changing} from '../revisions.ts';
import type {Schema} from '../schema.ts';
import type {ServerOptions} from '../server-pool.ts';
import {moveActivities} from './activities.ts';
import type {Moved} from './activity.ts';
import {type Finding, Findings} from './findings.ts';
import {type PortusHoldings, readHoldings} from './holdings.ts';
import {openLedger} from './ledger.ts';
import type {Moving, MovingSettings} from './moving.ts';
import {moveNamespaces} from './namespaces.ts';
import {movePeople} from './people.ts';
import {moveRemarks} from './remarks.ts';
import {type PortusSource, portusTables, readPortus} from './source.ts';
import {Tally, type Tallied} from './tally.ts';
import {moveTeams} from './teams.ts';
import {moveTokens} from './tokens.ts';
import {moveWebhooks} from './webhooks.ts';

export type {MovedProvider} from './moving.ts';

export interface MoveOptions extends MovingSettings {
  readonly db: Kysely<Schema>;
  readonly from: ServerOptions;
  /** All is done, and undone. */
  readonly isDry: boolean;
  readonly now: number;
  /** Rows that were read, of so many. */
  readonly onRows: (done: number, all: number) => void;
}

export interface MoveReport {
  /** The address of Portus' database, without the password. */
  readonly from: string;
  readonly registries: readonly string[];
  readonly tallies: readonly Tallied[];
  readonly findings: readonly Finding[];
}

/** Ends a transaction that was a rehearsal. */
class Rehearsed extends Error {}

/** Rejects with a MetadataError: then no account has changed, and activities go on from there the next time. */
export async function movePortus(options: MoveOptions): Promise<MoveReport> {
  return readPortus(options.from, async (source) => {
    const read = new Findings();
    const {db, isDry, now} = options;
    const onRows = counter(await countAll(source), options.onRows);
    const portus = await readHoldings(source, read, onRows);
    const {moved, findings, tally} = await moveAccounts(options, portus, read);
    await moveActivities({db, source, moved, findings, tally, isDry, now, onRows});
    findings.count('tags', await source.count('tags'));
    findings.count('deliveries', await source.count('webhook_deliveries'));
    findings.count('registry-events', await source.count('registry_events'));
    for (const host of portus.registries) findings.add('registries', host);
    return {
      from: source.title,
      registries: portus.registries,
      tallies: tally.list(),
      findings: findings.list(),
    };
  });
}

/** Tables that are only counted are none of them. */
const counted = new Set(['tags', 'webhook_deliveries', 'registry_events']);

async function countAll(source: PortusSource): Promise<number> {
  let all = 0;
  for (const table of portusTables) {
    if (!counted.has(table)) all += await source.count(table);
  }
  return all;
}

function counter(all: number, onRows: MoveOptions['onRows']): (rows: number) => void {
  let done = 0;
  return (rows) => {
    done += rows;
    onRows(done, all);
  };
}

interface MovedAccounts {
  readonly moved: Moved;
  readonly findings: Findings;
  readonly tally: Tally;
}

async function moveAccounts(
  options: MoveOptions,
  portus: PortusHoldings,
  read: Findings,
): Promise<MovedAccounts> {
  let done: MovedAccounts | undefined;
  const work = async (db: Kysely<Schema>): Promise<MovedAccounts> => {
    // Begun again, it counts from the start.
    const [findings, tally] = [new Findings(read), new Tally()];
    const ledger = await openLedger(db, portus.source);
    const {now} = options;
    const moved = await moveAll({db, portus, settings: options, findings, tally, ledger, now});
    return {moved, findings, tally};
  };
  try {
    return await changing(options.db, async (db) => {
      done = await work(db);
      if (options.isDry) throw new Rehearsed();
      return done;
    });
  } catch (error) {
    if (!(error instanceof Rehearsed) || done === undefined) throw error;
    return done;
  }
}

async function moveAll(moving: Moving): Promise<Moved> {
  const {db, portus, ledger} = moving;
  const root = await findNamespaceByName(db, '');
  if (!root) throw new Error('there is no root namespace');
  const people = await movePeople(moving);
  const teams = await moveTeams(moving, people, root.teamId);
  const namespaces = await moveNamespaces(moving, people, teams, root);
  const repositories = await moveRemarks(moving, people, namespaces);
  await moveTokens(moving, people);
  await moveWebhooks(moving, namespaces);
  await ledger.keep(db);
  const usernames = new Map(portus.users.map(({id, username}) => [id, username]));
  return {source: portus.source, people, usernames, teams, namespaces, repositories};
}
