import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {configSchema} from '../../src/config/schema.ts';
import {settingsTable} from './settings-table.ts';

const file = join(import.meta.dirname, '../../docs/configuration.md');
const [begin, end] = ['<!-- settings: begin -->\n', '<!-- settings: end -->\n'];

test('docs/configuration.md holds the table of all settings', async (t) => {
  const document = await readFile(file, 'utf8');
  const [before = '', rest = ''] = document.split(begin);
  const [, after = ''] = rest.split(end);
  const expected = `${before}${begin}\n${settingsTable(configSchema)}\n${end}${after}`;
  if (process.env['UPDATE_DOCUMENTATION'] === '1') await writeFile(file, expected);
  const present = await readFile(file, 'utf8');
  t.is(present, expected, 'UPDATE_DOCUMENTATION=1 npm test -- test/config writes the table');
});
