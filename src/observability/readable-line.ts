/** A line of the log for people: the time of the day, the level, the message and its fields, without a line break. */
import {styleText} from 'node:util';
import {harmless} from './redact.ts';

interface ReadableOptions {
  readonly isColoured: boolean;
  /** For who looks for a fault of the program: below the line, indented. */
  readonly hasStack: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

const colours = {
  trace: 'gray',
  debug: 'blue',
  info: 'green',
  warn: 'yellow',
  error: 'red',
  fatal: 'magenta',
} as const;

/** `line` is one of the JSON log. Ends with a line break. */
export function readableLine(line: string, {isColoured, hasStack}: ReadableOptions): string {
  const {level, time, msg, requestId, err, ...others} = JSON.parse(line) as Fields;
  const message = typeof msg === 'string' ? msg : '';
  const isRequest = msg === 'request' && 'method' in others && 'status' in others;
  const rest = isRequest ? requestWords(others) : pairs(others);
  const words = [
    ...rest,
    ...(err === undefined ? [] : [`err=${errorWord(err)}`]),
    ...(requestId === undefined ? [] : [`id=${word(requestId)}`]),
  ];
  const at = new Date(String(time)).toTimeString().slice(0, 8);
  const shown = String(level).toUpperCase();
  const colour = colours[String(level) as keyof typeof colours];
  const painted = isColoured ? styleText(colour, shown) : shown;
  const told = harmless([message, ...words].join(' ').replaceAll(/\s*\n\s*/g, ' '));
  const stack = hasStack && isFields(err) && typeof err['stack'] === 'string' ? err['stack'] : '';
  const below = stack.split('\n').filter((each) => each.trim() !== '');
  return [
    `${at} ${painted} ${told}`,
    ...below.map((each) => `    ${harmless(each.trim())}`),
    '',
  ].join('\n');
}

/** For machines alone: the JSON log has them. */
const untold = new Set(['route', 'received', 'sent', 'userAgent']);

function requestWords({method, path, status, ms, client, ...others}: Fields): readonly string[] {
  const time = `${typeof ms === 'number' ? Math.round(ms) : word(ms)} ms`;
  const more = pairs(others).filter((pair) => !untold.has(pair.slice(0, pair.indexOf('='))));
  return [word(method), word(path), word(status), time, word(client), ...more];
}

const pairs = (fields: Fields): readonly string[] =>
  Object.entries(fields).map(([key, value]) => `${key}=${word(value)}`);

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

/** What could be taken for more than one word is in quotes. */
function word(value: unknown): string {
  if (typeof value === 'string' && /^[^\s"=\\]+$/.test(value)) return value;
  return JSON.stringify(value);
}

function errorWord(err: unknown): string {
  if (!isFields(err)) return word(err);
  const {type, message} = err;
  return JSON.stringify(type === 'Error' ? message : `${String(type)}: ${String(message)}`);
}
