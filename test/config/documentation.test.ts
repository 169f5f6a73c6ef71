import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {table} from '../../src/config/distribution/table.ts';
import {portusRows} from '../../src/config/portus/read.ts';
import {configSchema} from '../../src/config/schema.ts';
import {distributionTable} from './distribution/distribution-table.ts';
import {settingsTable} from './settings-table.ts';

const tables = [
  {page: 'configuration.md', mark: 'settings', table: settingsTable(configSchema)},
  {page: 'moving-from-distribution.md', mark: 'keys', table: distributionTable(table)},
  {page: 'moving-from-portus.md', mark: 'portus keys', table: distributionTable(portusRows)},
];

for (const {page, mark, table: rows} of tables) {
  test(`docs/${page} holds the table of all ${mark}`, async (t) => {
    const file = join(import.meta.dirname, '../../docs', page);
    const [begin, end] = [`<!-- ${mark}: begin -->\n`, `<!-- ${mark}: end -->\n`];
    const document = await readFile(file, 'utf8');
    const [before = '', rest = ''] = document.split(begin);
    const [, after = ''] = rest.split(end);
    const expected = `${before}${begin}\n${rows}\n${end}${after}`;
    if (process.env['UPDATE_DOCUMENTATION'] === '1') await writeFile(file, expected);
    const present = await readFile(file, 'utf8');
    t.is(present, expected, 'UPDATE_DOCUMENTATION=1 npm test -- test/config writes the table');
  });
}
