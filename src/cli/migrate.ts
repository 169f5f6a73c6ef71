/** `holdfast migrate`: brings the database to the state of this version; a start does so, too. */
import type {Command} from 'commander';
import {prepareDataDirectory} from '../config/data-directory.ts';
import {loadFor} from './configuration.ts';
import {requireDataDirectory} from './data-directory.ts';
import {print} from './output.ts';
import type {Printing} from './verb.ts';

const examples = `
Examples:
  holdfast migrate                      what was done; a copy of a SQLite database is made before
  holdfast migrate --data-dir /srv/holdfast --json
  holdfast database backup before.db    first, where it lies on a server: of that no copy is made
`;

async function migrate(options: Printing, command: Command): Promise<void> {
  const {config} = loadFor(command);
  await requireDataDirectory(config);
  await prepareDataDirectory(config);
  const {migrateDatabase} = await import('../metadata/database.ts');
  const {placeOf, titleOf} = await import('../metadata/place.ts');
  const place = placeOf(config);
  const {rootVisibility} = config.namespaces;
  const report = await migrateDatabase({...place, rootVisibility});
  const title = titleOf(place);
  const {applied, copy} = report;
  const named = 'file' in place ? {file: title} : {database: title};
  print({...named, ...report}, options, () => {
    if (applied.length === 0) return `${title} is as this version needs it`;
    const before = copy === undefined ? '' : `\nas it was before: ${copy}`;
    return `${title} was changed: ${applied.join(', ')}${before}`;
  });
}

export function migrateCommand(command: Command): void {
  command.option('--json', 'print JSON').addHelpText('after', examples).action(migrate);
}
