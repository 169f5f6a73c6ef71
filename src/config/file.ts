/** holdfast.yaml: finds it, reads it, and knows the line of every key. */
import {closeSync, existsSync, openSync, readSync, rmSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import type {Document, Node, YAMLError} from 'yaml';
import {codeOrThrow} from '../host/error-code.ts';
import type {Fault} from './fault.ts';
import {yaml} from './yaml.ts';

const maxBytes = 256 * 1024;

export interface ConfigFile {
  readonly path: string;
  /** The mapping as plain objects; empty where the file is broken or says nothing. */
  readonly content: Record<string, unknown>;
  readonly faults: readonly Fault[];
  /** What its own program passes over, and a person may not have meant. */
  readonly warnings: readonly Fault[];
  /** `FILE:LINE:COLUMN` of a key or an item, or of the nearest thing around it. */
  readonly where: (keys: readonly PropertyKey[]) => string;
}

/** Where a configuration is looked for when nobody names one. */
export const candidates = (dataDir: string): string[] => [
  resolve('holdfast.yaml'),
  resolve(join(dataDir, 'holdfast.yaml')),
  '/etc/holdfast/holdfast.yaml',
];

/** Whether it is the one that is read when nobody names one. */
export const isFoundByItself = (path: string, dataDir = './data'): boolean =>
  candidates(dataDir).find((candidate) => existsSync(candidate)) === resolve(path);

/** At most one byte more than is allowed: neither /dev/zero nor a core dump fills the memory. */
function readBounded(path: string): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (;;) {
      const count = readSync(descriptor, buffer, length, buffer.length - length, null);
      if (count === 0) return buffer.subarray(0, length);
      length += count;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** The text of a file; a sentence where it can't be had; `undefined` if there is no such file. */
export function readText(path: string): {text: string} | {failure: string} | undefined {
  try {
    const content = readBounded(path);
    if (content.length > maxBytes) return {failure: 'is larger than 256 KiB'};
    return {text: new TextDecoder('utf-8', {fatal: true}).decode(content)};
  } catch (error) {
    const code = codeOrThrow(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EISDIR') return {failure: 'is a directory, not a file'};
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return {failure: 'is not UTF-8 text'};
    return {failure: `cannot be read (${code})`};
  }
}

/** Editors and echo end a file with a newline that is no part of the secret. */
export const withoutLastNewline = (text: string): string => text.replace(/\r?\n$/, '');

/** As `writeText`, for its owner alone. */
export function writeSecret(
  path: string,
  text: string,
  {replace}: {replace: boolean},
): string | undefined {
  try {
    // One that is there may be open to others.
    if (replace) rmSync(path, {force: true});
    writeFileSync(path, text, {flag: 'wx', mode: 0o600});
    return undefined;
  } catch (error) {
    const code = codeOrThrow(error);
    return code === 'EEXIST' ? 'exists' : code;
  }
}

/** Writes a new file, or over the old one if asked; else answers `exists`, or the system's code. */
export function writeText(
  path: string,
  text: string,
  {replace}: {replace: boolean},
): string | undefined {
  try {
    writeFileSync(path, text, {flag: replace ? 'w' : 'wx'});
    return undefined;
  } catch (error) {
    const code = codeOrThrow(error);
    return code === 'EEXIST' ? 'exists' : code;
  }
}

function positionOf(document: Document, keys: readonly PropertyKey[]): number {
  const {isMap, isNode, isScalar, isSeq} = yaml();
  let node: unknown = document.contents;
  let found = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const key of keys) {
    let next: unknown;
    let mark: unknown;
    if (isMap(node)) {
      const pair = node.items.find(({key: k}) => String(isScalar(k) ? k.value : k) === String(key));
      [next, mark] = [pair?.value, pair?.key];
    } else if (isSeq(node)) {
      next = node.items[Number(key)];
      mark = next;
    }
    if (!isNode(mark)) break;
    found = mark.range?.[0] ?? found;
    node = next;
  }
  return found;
}

function firstAlias(document: Document): Node | undefined {
  const {isAlias, visit} = yaml();
  let found: Node | undefined;
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node)) return undefined;
      found = node;
      return visit.BREAK;
    },
  });
  return found;
}

const examples = {holdfast: 'dataDir: ./data', distribution: 'version: 0.1'};

/** What the parser says to programmers, said to others. */
const ours: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'a second document begins here; only one is read',
  RESOURCE_EXHAUSTION: 'is nested too deeply',
};

/** Of these each is true by itself; of all others the first one makes those after it. */
const independent = new Set(['DUPLICATE_KEY', 'MULTIPLE_DOCS', 'TAG_RESOLVE_FAILED']);

function sentenceOf({code, message, pos: [at]}: YAMLError, text: string): string {
  if (code === 'DUPLICATE_KEY') {
    const [key = ''] = /^(?:"[^"\n]*"|'[^'\n]*'|[^:\s]+)/.exec(text.slice(at, at + 100)) ?? [];
    return `the key ${key} stands in its mapping already: remove one of the two`;
  }
  if (code === 'BAD_INDENT' && message.startsWith('Flow ')) {
    const bracket = message.includes('sequence') ? '[' : '{';
    return `a ${bracket} further up is not closed, or this line is not indented below it`;
  }
  return ours[code] ?? message;
}

/** Docker Distribution reads YAML 1.1, in which `yes` is true, and lets pass what may be a mistake. */
type Dialect = 'holdfast' | 'distribution';

const passedOver = new Set(['DUPLICATE_KEY', 'MULTIPLE_DOCS', 'TAG_RESOLVE_FAILED']);

export function parseConfigFile(
  path: string,
  text: string,
  dialect: Dialect = 'holdfast',
): ConfigFile {
  const {isMap, LineCounter, parseDocument} = yaml();
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    version: dialect === 'distribution' ? '1.1' : '1.2',
  });
  const at = (offset: number): string => {
    const {line, col} = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  const where = (keys: readonly PropertyKey[]): string => at(positionOf(document, keys));
  const fault = (message: string, offset: number): Fault => ({
    path,
    message,
    origin: {kind: 'file', detail: at(offset)},
  });
  const broken = (faults: readonly Fault[]): ConfigFile => ({
    path,
    content: {},
    faults,
    warnings: [],
    where,
  });

  const problems = [...document.errors, ...document.warnings];
  const isHarmless = ({code}: (typeof problems)[number]): boolean =>
    dialect === 'distribution' && passedOver.has(code);
  const first = problems.find(({code}) => !independent.has(code));
  const told = (found: typeof problems): readonly Fault[] =>
    found
      .filter((each) => each === first || independent.has(each.code))
      .slice(0, 5)
      .map((each) => fault(sentenceOf(each, text), each.pos[0]));
  const breaks = problems.filter((problem) => !isHarmless(problem));
  if (breaks.length > 0) return broken(told(breaks));
  const warnings = told(problems);
  try {
    const content: unknown = document.toJS({maxAliasCount: 100});
    if (content === null) return {path, content: {}, faults: [], warnings, where};
    if (isMap(document.contents) && typeof content === 'object') {
      return {path, content: {...content}, faults: [], warnings, where};
    }
    return broken([fault(`must be a mapping of settings, such as "${examples[dialect]}"`, 0)]);
  } catch (error) {
    // The document's anchors and merges alone can keep it from becoming plain objects.
    if (!(error instanceof Error)) throw error;
    if (!(error instanceof ReferenceError)) return broken([fault(error.message, 0)]);
    const message = error.message.startsWith('Unresolved')
      ? error.message
      : 'aliases (*) that multiply what they stand for are not expanded';
    return broken([fault(message, firstAlias(document)?.range?.[0] ?? 0)]);
  }
}
