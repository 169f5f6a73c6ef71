/** What was taken over before, and what is now: nothing is taken twice, be it changed or deleted here since. */
import type {Kysely, Selectable} from 'kysely';
import type {ImportedTable} from '../imported-schema.ts';
import type {Schema} from '../schema.ts';
import {insertAll} from '../batches.ts';

export type LedgerKind =
  | 'user'
  | 'team'
  | 'membership'
  | 'namespace'
  | 'description'
  | 'token'
  | 'webhook'
  | 'star'
  | 'comment'
  /** Of a directory's accounts: the name there, in lower case. */
  | 'ldap-name';

const keyOf = (kind: string, sourceId: number | string): string => `${kind} ${sourceId}`;

export class Ledger {
  readonly #source: string;
  readonly #before: ReadonlyMap<string, string>;
  readonly #news = new Map<string, Selectable<ImportedTable>>();

  constructor(source: string, before: ReadonlyMap<string, string>) {
    this.#source = source;
    this.#before = before;
  }

  /** What it became here; empty: nothing with an id. `undefined`: it was not taken before. */
  find(kind: LedgerKind, sourceId: number): string | undefined {
    return this.#before.get(keyOf(kind, sourceId));
  }

  note(kind: LedgerKind, sourceId: number | string, id = ''): void {
    const key = keyOf(kind, sourceId);
    if (this.#before.has(key)) return;
    this.#news.set(key, {source: this.#source, kind, source_id: String(sourceId), id});
  }

  async keep(db: Kysely<Schema>): Promise<void> {
    await insertAll(db, 'imported', [...this.#news.values()]);
  }
}

export async function openLedger(db: Kysely<Schema>, source: string): Promise<Ledger> {
  const rows = await db
    .selectFrom('imported')
    .select(['kind', 'source_id', 'id'])
    .where('source', '=', source)
    .execute();
  return new Ledger(source, new Map(rows.map((row) => [keyOf(row.kind, row.source_id), row.id])));
}
