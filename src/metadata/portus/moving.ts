/** What each part of a move works on. */
import type {Kysely} from 'kysely';
import type {Schema} from '../schema.ts';
import type {Findings} from './findings.ts';
import type {PortusHoldings} from './holdings.ts';
import type {Ledger} from './ledger.ts';
import type {Tally} from './tally.ts';

/** A provider of ours that has people of Portus'. */
export interface MovedProvider {
  readonly id: string;
  /** What it is called here, of what Portus calls the uid. */
  readonly subjectOf: (uid: string) => string;
}

export interface MovingSettings {
  /** By the name that Portus has for them: `openid_connect`. */
  readonly providers: ReadonlyMap<string, MovedProvider>;
  readonly hasDirectory: boolean;
  /** Names of accounts here that are the same people as there. */
  readonly samePeople: ReadonlySet<string>;
}

export interface Moving {
  /** Within `changing`. */
  readonly db: Kysely<Schema>;
  readonly portus: PortusHoldings;
  readonly settings: MovingSettings;
  readonly findings: Findings;
  readonly tally: Tally;
  readonly ledger: Ledger;
  readonly now: number;
}

export interface MovedPerson {
  readonly id: string;
  readonly name: string;
}

/** By Portus' ids. */
export type MovedPeople = ReadonlyMap<number, MovedPerson>;
