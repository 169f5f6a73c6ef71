/** The text of a new holdfast.yaml: every setting with its sentence and its default, commented out. */
import {z} from 'zod';
import {fileKeyOf} from './secret-files.ts';
import {bare, entriesOf, settingsOf} from './settings.ts';
import {yaml} from './yaml.ts';

const header = `# Configuration of Holdfast.
#
# Every setting is here, commented out, with its default. Remove the # in front of one to change it.
# A variable wins over this file: HOLDFAST_HTTP_LISTEN sets http.listen. A flag wins over both.
#
#   holdfast config check    tells what is wrong
#   holdfast config print    shows what is in force and where it comes from
`;

/** A value on one line, as YAML. */
export const inline = (value: unknown): string =>
  yaml()
    .stringify(value, {
      collectionStyle: 'flow',
      flowCollectionPadding: false,
      lineWidth: 0,
      singleQuote: true,
    })
    .trimEnd();

function wrapped(sentence: string, indent: string): string {
  const width = 98 - indent.length;
  const lines = [''];
  for (const word of sentence.split(' ').filter((part) => part !== '')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${indent}# ${line}\n`).join('');
}

function section(schema: z.ZodObject, indent: string): string {
  return entriesOf(schema)
    .map(([key, entry]) => {
      const {inner, description, secret} = bare(entry);
      const comment = description === '' ? '' : wrapped(description, indent);
      if (inner instanceof z.ZodObject) {
        return `\n${comment}${indent}${key}:\n${section(inner, `${indent}  `)}`;
      }
      const [setting] = settingsOf(z.object({[key]: entry}));
      const choices =
        setting?.choices === undefined
          ? ''
          : wrapped(`One of ${setting.choices.join(', ')}.`, indent);
      const value = setting?.written === undefined ? '' : ` ${inline(setting.written)}`;
      const file = secret ? wrapped(`Or ${fileKeyOf(key)}: a file that holds it.`, indent) : '';
      return `${comment}${choices}${file}${indent}#${key}:${value}\n`;
    })
    .join('');
}

export const configTemplate = (schema: z.ZodObject): string => `${header}\n${section(schema, '')}`;
