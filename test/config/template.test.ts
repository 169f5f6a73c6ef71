import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {loadConfig} from '../../src/config/load.ts';
import {configSchema} from '../../src/config/schema.ts';
import {settingsOf} from '../../src/config/settings.ts';
import {configTemplate} from '../../src/config/template.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

const template = configTemplate(configSchema);

test('the template changes nothing', async (t) => {
  const file = join(await temporaryDirectory(t), 'holdfast.yaml');
  await writeFile(file, template);
  const {config, origins} = loadConfig({file, env: {}, flags: {}});
  t.deepEqual(config, loadConfig({env: {}, flags: {}}).config);
  t.true([...origins.values()].every(({kind}) => kind === 'default'));
});

test('the template with every # removed in front of a value changes nothing either', async (t) => {
  const file = join(await temporaryDirectory(t), 'holdfast.yaml');
  await writeFile(file, template.replaceAll(/^( *)#(\w+: .)/gm, '$1$2'));
  const {config, origins} = loadConfig({file, env: {}, flags: {}});
  t.deepEqual(config, loadConfig({env: {}, flags: {}}).config);
  for (const {path, written} of settingsOf(configSchema)) {
    t.is(origins.get(path)?.kind, written === undefined ? 'default' : 'file', path);
  }
});

test('the template says every setting and its sentence', (t) => {
  const text = template.replaceAll(/\n *# /g, ' ');
  for (const {keys, description} of settingsOf(configSchema)) {
    t.regex(template, new RegExp(`^ *#${keys.at(-1) ?? ''}:`, 'm'));
    t.true(text.includes(description), description);
  }
});
