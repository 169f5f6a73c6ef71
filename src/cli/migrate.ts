/** `holdfast migrate`: brings the database to the state of this version; a start does so, too. */
import type {Command} from 'commander';
import {prepareDataDirectory} from '../config/data-directory.ts';
import {loadFor} from './configuration.ts';
import {requireDataDirectory} from './data-directory.ts';
import {print} from './output.ts';
import type {Printing} from './verb.ts';

const examples = `
Examples:
  holdfast migrate                      what was done; a copy of the database is made before
  holdfast migrate --data-dir /srv/holdfast --json
`;

async function migrate(options: Printing, command: Command): Promise<void> {
  const {config} = loadFor(command);
  await requireDataDirectory(config);
  const {paths} = await prepareDataDirectory(config);
  const {migrateDatabase} = await import('../metadata/database.ts');
  const report = await migrateDatabase({
    file: paths.database,
    allowNetworkFileSystem: config.metadata.allowNetworkFileSystem,
    rootVisibility: config.namespaces.rootVisibility,
  });
  const {applied, copy} = report;
  print({file: paths.database, ...report}, options, () => {
    if (applied.length === 0) return `${paths.database} is as this version needs it`;
    const before = copy === undefined ? '' : `\nas it was before: ${copy}`;
    return `${paths.database} was changed: ${applied.join(', ')}${before}`;
  });
}

export function migrateCommand(command: Command): void {
  command.option('--json', 'print JSON').addHelpText('after', examples).action(migrate);
}
