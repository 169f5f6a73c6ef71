/** Values of a foreign table, whatever its engine and its version make of them. */

export type Row = Readonly<Record<string, unknown>>;

/** In characters: what a text column of Portus may have. */
const longest = 65_535;

/** `undefined`: there is none, or nothing that could be one. What is no UTF-8 is read as Latin-1, which has a letter for each byte. */
export function textOf(row: Row, column: string): string | undefined {
  const value = row[column];
  const text = value instanceof Uint8Array ? decode(value) : value;
  if (typeof text === 'number' || typeof text === 'bigint') return String(text);
  if (typeof text !== 'string') return undefined;
  return text.toWellFormed().slice(0, longest);
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
  } catch {
    // Not UTF-8: nothing else can be wrong with bytes.
    return new TextDecoder('latin1').decode(bytes);
  }
}

/** As `textOf`; empty is none, too. */
export function wordOf(row: Row, column: string): string | undefined {
  const text = textOf(row, column)?.trim();
  return text === '' ? undefined : text;
}

/** `undefined`: no whole number. */
export function numberOf(row: Row, column: string): number | undefined {
  const value = row[column];
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'bigint') return Number(number);
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** MySQL's truth is a number or a byte, PostgreSQL's is one. */
export function isTrue(row: Row, column: string): boolean {
  const value = row[column];
  if (value instanceof Uint8Array) return value.some((byte) => byte === 1);
  return value === true || value === 1 || value === '1' || value === 't';
}

/** In milliseconds, out of `2026-11-26 13:05:00.123456` of UTC. `undefined`: none, or none that there is, as MySQL's 0000-00-00. */
export function timeOf(row: Row, column: string): number | undefined {
  const text = textOf(row, column);
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(\.\d{1,3})?/.exec(text ?? '');
  if (!match) return undefined;
  const [, day = '', time = '', fraction = ''] = match;
  const moment = Date.parse(`${day}T${time}${fraction}Z`);
  return Number.isNaN(moment) || moment < 0 ? undefined : moment;
}
