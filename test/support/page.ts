/** What stands in the pages of docs/, so that tests can try it. */
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';

const directory = join(import.meta.dirname, '../../docs');

export const readPage = async (name: string): Promise<string> =>
  readFile(join(directory, name), 'utf8');

/** The blocks of one language, in their order. */
export function blocksOf(page: string, language: string): readonly string[] {
  const blocks = page.matchAll(/^ *```(\w*)\n(.*?)^ *```$/gms);
  return [...blocks].filter(([, name]) => name === language).map(([, , text = '']) => text);
}

/** The one of them that holds these words. */
export function blockWith(page: string, language: string, words: string): string {
  const found = blocksOf(page, language).filter((block) => block.includes(words));
  const [block] = found;
  if (block !== undefined && found.length === 1) return block;
  throw new Error(`${found.length} blocks of ${language} hold ${words}`);
}

export interface Dialogue {
  readonly command: string;
  /** What it prints; ... stands for anything. */
  readonly output: string;
}

/** The commands of a console, after $, each with what it prints. */
export function dialoguesOf(block: string): readonly Dialogue[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const [command = '', ...lines] = text.split('\n');
      return {command, output: lines.join('\n').trim()};
    });
}

/** Whether a text is what the page says; spaces at the ends of lines don't count. */
export function fits(text: string, wanted: string): boolean {
  const parts = wanted.split('...').map((part) => part.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
  const plain = text.replaceAll(/[ \t]+$/gm, '').trim();
  return new RegExp(`^${parts.join('[^]*')}$`).test(plain);
}
