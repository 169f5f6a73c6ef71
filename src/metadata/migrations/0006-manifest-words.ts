/** Labels and annotations of manifests, so that they can be searched for. */
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';
import {table} from './table.ts';

const atOnce = 500;
const longest = 255;

interface Before {
  readonly manifests: {
    readonly digest: string;
    readonly annotations: string | null;
    readonly labels: string | null;
  };
  readonly manifest_words: {
    readonly manifest: string;
    readonly position: number;
    readonly name: string;
    readonly value: string;
  };
}

export const manifestWords: Migration = {
  up: async (db: Kysely<unknown>) => {
    await table(db, 'manifest_words', {
      manifest: 'digest',
      position: 'number',
      name: 'name',
      value: 'name',
    })
      .addPrimaryKeyConstraint('manifest_words_key', ['manifest', 'position'])
      .execute();
    const before = db as Kysely<Before>;
    await fill(before);
    await db.schema
      .createIndex('manifest_words_name_value')
      .on('manifest_words')
      .columns(['name', 'value', 'manifest'])
      .execute();
  },
};

/** Of the manifests that the index has already. */
async function fill(db: Kysely<Before>): Promise<void> {
  // Where it is not all in one transaction, one that was cut off is done again.
  await db.deleteFrom('manifest_words').execute();
  for (let after = ''; ;) {
    const manifests = await db
      .selectFrom('manifests')
      .select(['digest', 'annotations', 'labels'])
      .where('digest', '>', after)
      .orderBy('digest')
      .limit(atOnce)
      .execute();
    for (const {digest, annotations, labels} of manifests) {
      const words = [annotations, labels].flatMap((text) =>
        Object.entries(JSON.parse(text ?? '{}') as Record<string, string>).map(([name, value]) =>
          JSON.stringify([name.slice(0, longest), value.slice(0, longest)]),
        ),
      );
      const rows = [...new Set(words)].map((pair, position) => {
        const [name, value] = JSON.parse(pair) as [string, string];
        return {manifest: digest, position, name, value};
      });
      if (rows.length > 0) await db.insertInto('manifest_words').values(rows).execute();
    }
    if (manifests.length < atOnce) return;
    after = manifests.at(-1)?.digest ?? after;
  }
}
