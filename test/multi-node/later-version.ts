/** Holdfast as its next version may be: one more migration, which adds to a table that every push writes. */
import {strict as assert} from 'node:assert';
import {cp, readFile, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {run} from '../support/command.ts';
import type {Lifetime} from '../support/lifetime.ts';
import {projectRoot} from '../support/project-root.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

const migration = `
import type {Kysely} from 'kysely';
import type {Migration} from 'kysely/migration';

export const colours: Migration = {
  up: async (db: Kysely<unknown>) => {
    await db.schema.createTable('colours').addColumn('name', 'varchar(30)').execute();
    const colour = (name: 'tags' | 'outbox') =>
      db.schema.alterTable(name).addColumn('colour', 'varchar(30)', (column) => column.defaultTo('red'));
    for (const name of ['tags', 'outbox'] as const) await colour(name).execute();
  },
};
`;

/** The entry of its command line. */
export async function laterVersion(life: Lifetime): Promise<string> {
  const directory = await temporaryDirectory(life);
  for (const part of ['src', 'storage-drivers', 'bin', 'package.json', 'package-lock.json'])
    await cp(join(projectRoot, part), join(directory, part), {recursive: true});
  await symlink(join(projectRoot, 'node_modules'), join(directory, 'node_modules'));
  const migrations = join(directory, 'src/metadata/migrations');
  await writeFile(join(migrations, '9000-colours.ts'), migration);
  const all = join(migrations, 'all.ts');
  const text = await readFile(all, 'utf8');
  const end = text.lastIndexOf('});');
  assert(end > 0);
  const entry = `  '9000-colours-additive': colours,\n`;
  const made = `import {colours} from './9000-colours.ts';\n${text.slice(0, end)}${entry}${text.slice(end)}`;
  await writeFile(all, made);
  await run(process.execPath, [join(directory, 'bin/bundle.js')]);
  return join(directory, 'dist/program/main.js');
}
