/** A row for which the nodes of one directory wait before they write into the index. */
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';

interface Before {
  readonly revisions: {readonly name: string; readonly value: number};
}

export const indexTurns: Migration = {
  up: async (db: Kysely<unknown>) => {
    const known = db as Kysely<Before>;
    const row = {name: 'index', value: 0};
    // Where it is not all in one transaction, one that was cut off is done again.
    await known.deleteFrom('revisions').where('name', '=', row.name).execute();
    await known.insertInto('revisions').values(row).execute();
  },
};
