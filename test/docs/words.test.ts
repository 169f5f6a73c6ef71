/** What the pages call a setting, a command or an option is one. */
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import type {Command} from 'commander';
import {parse} from 'yaml';
import {wholeProgram} from '../../src/cli/program.ts';
import {table} from '../../src/config/distribution/table.ts';
import {configSchema} from '../../src/config/schema.ts';
import {fileKeyOf} from '../../src/config/secret-files.ts';
import {settingsOf} from '../../src/config/settings.ts';
import {blocksOf, dialoguesOf} from '../support/page.ts';

const root = join(import.meta.dirname, '../..');
const names = (await readdir(join(root, 'docs')))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const pages = await Promise.all(
  ['README.md', 'CHANGELOG.md', ...names].map(async (name) => ({
    name,
    text: await readFile(join(root, name), 'utf8'),
  })),
);

const settings = settingsOf(configSchema);
const secrets = settings.filter(({secret}) => secret).map(({path}) => path);
const paths = new Set([...settings.map(({path}) => path), ...secrets.map(fileKeyOf)]);
/** A secret may lie in a file, which is not here. */
const inFile = new RegExp(`(${secrets.map((path) => path.split('.').at(-1)).join('|')})File:`, 'g');
/** Docker Distribution's, on the page that tells what becomes of them. */
const keysOfDistribution = new Set(table.flatMap(({keys}) => keys));
const sections = new Set(settings.filter(({keys}) => keys.length > 1).map(({keys}) => keys[0]));

test('settings that the pages name are there', (t) => {
  let count = 0;
  for (const {name, text} of pages) {
    for (const [, path = '', section = ''] of text.matchAll(/`(([a-z]+)\.[a-z][A-Za-z]*)[`: =]/g)) {
      if (!sections.has(section) || /\.(?:ts|md|key|crt)$/.test(path)) continue;
      count += 1;
      const isKey = name.endsWith('/moving-from-distribution.md') && keysOfDistribution.has(path);
      t.true(isKey || paths.has(path), `${name}: ${path}`);
    }
  }
  t.true(count > 20);
});

test('configurations of Holdfast on the pages are sound', (t) => {
  let count = 0;
  for (const {name, text} of pages) {
    for (const block of blocksOf(text, 'yaml')) {
      const content = parse(block.replaceAll(inFile, '$1:')) as Record<string, unknown>;
      // Distribution's, and rules of Prometheus.
      if ('version' in content || 'groups' in content) continue;
      count += 1;
      const parsed = configSchema.safeParse(content);
      t.true(parsed.success, `${name}: ${block}\n${parsed.error?.message ?? ''}`);
    }
  }
  t.true(count > 5);
});

/** The lines of shells, comments and prompts left out. */
function commandsOf(text: string): readonly string[] {
  const lines = blocksOf(text, 'sh').flatMap((block) => block.split('\n'));
  const dialogues = blocksOf(text, 'console').flatMap(dialoguesOf);
  const all = [...lines, ...dialogues.map(({command}) => command)];
  const calls = all.flatMap((line) => line.replace(/\s#.*/, '').split(/[|;&]+/));
  return calls.map((call) => call.trim()).filter((call) => /^(?:npx |sudo )?holdfast /.test(call));
}

test('commands of Holdfast on the pages, and their options, are there', async (t) => {
  const holdfast = await wholeProgram();
  let count = 0;
  for (const {name, text} of pages) {
    for (const call of commandsOf(text)) {
      count += 1;
      let command: Command | undefined = holdfast;
      const options = new Set<string | undefined>(['--help', '--version']);
      for (const word of call.replace(/^.*?holdfast /, '').split(' ')) {
        for (const {long} of command.options) options.add(long);
        if (word.startsWith('--')) t.true(options.has(word.split('=')[0]), `${name}: ${call}`);
        // `backup /srv/backups` is `backup create /srv/backups`.
        const verb = word.startsWith('/') ? 'create' : word;
        const below: Command | undefined = command.commands.find((each) => each.name() === verb);
        if (below) command = below;
      }
      t.deepEqual(command.commands, [], `${name}: ${call}`);
    }
  }
  t.true(count > 20);
});
