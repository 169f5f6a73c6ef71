/** What commands print: JSON for scripts, sentences and tables for people. */
interface Printed {
  readonly json?: true;
}

/** Where it goes; the standard output unless a test wants it. */
export type Write = (text: string) => void;

/** One line or several, without the line break at the end; with --json, the value instead. */
export function print(
  value: unknown,
  {json}: Printed,
  text: () => string,
  write: Write = (output) => void process.stdout.write(output),
): void {
  write(`${json === true ? JSON.stringify(value, undefined, 2) : visible(text())}\n`);
}

/** What people, directories and servers elsewhere wrote must not steer the terminal. */
export const visible = (text: string): string => text.replaceAll(/(?!\n)\p{C}/gu, '\u{FFFD}');

/** Columns with their titles, as wide as they must be. */
export function table(
  titles: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): string {
  const lines = [titles, ...rows.map((row) => row.map((cell) => cell ?? '-'))];
  // Not Math.max(...): a call takes no hundred thousand arguments.
  const widths = titles.map((_, at) =>
    lines.reduce((widest, line) => Math.max(widest, width(line[at] ?? '')), 0),
  );
  const toLine = (line: readonly string[]): string =>
    line
      .map((cell, at) => cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - width(cell))))
      .join('  ')
      .trimEnd();
  return lines.map(toLine).join('\n');
}

/** Names and values below each other; those without a value are left out. */
export function properties(rows: readonly (readonly [string, string | undefined])[]): string {
  const longest = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value = '']) => `${`${name}:`.padEnd(longest)}${value}`)
    .join('\n');
}

/** All pages of a list. */
export async function everyPage<T>(
  ask: (page: {after?: string}) => Promise<{items: readonly T[]; next: string | undefined}>,
): Promise<readonly T[]> {
  const all: T[] = [];
  let after: string | undefined;
  do {
    const {items, next} = await ask(after === undefined ? {} : {after});
    all.push(...items);
    after = next;
  } while (after !== undefined);
  return all;
}

/** `2026-11-25 23:47Z`: in UTC, and it says so. */
export const moment = (time: string | undefined): string | undefined =>
  time && `${time.slice(0, 16).replace('T', ' ')}Z`;

export const yes = (value: boolean): string => (value ? 'yes' : 'no');

const width = (text: string): number => Array.from(text).length;
