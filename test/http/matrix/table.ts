/** Tables as people read them: a line for each route, a column for each caller, a word for each answer. */
import {type Caller, parseCaller} from './callers.ts';

/** The words by caller, by `METHOD route`. */
export type Table = ReadonlyMap<string, ReadonlyMap<Caller, string>>;

/** The first line names the callers; the others begin with the method and the name of the route. */
export function parseTable(text: string): Table {
  const lines = text.trim().split('\n');
  const [head = [], ...rows] = lines.map((line) => line.trim().split(/\s+/));
  const columns = head.map(parseCaller);
  const table = new Map<string, ReadonlyMap<Caller, string>>();
  for (const [method = '', route = '', ...words] of rows) {
    const row = `${method} ${route}`;
    if (table.has(row)) throw new Error(`${row} stands twice`);
    if (words.length !== columns.length) throw new Error(`${row} has ${words.length} words`);
    table.set(row, new Map(columns.map((caller, index) => [caller, words[index] ?? ''])));
  }
  return table;
}

const labelWidth = 26;

/** As `parseTable` takes it. */
export function formatTable(table: Table): string {
  const [first] = table.values();
  const columns = [...(first?.keys() ?? [])];
  const line = (label: string, words: readonly string[]): string => {
    const cells = words.map((word, index) => word.padEnd(columns[index]?.length ?? 0));
    return `${label.padEnd(labelWidth)}${cells.join(' ')}`.trimEnd();
  };
  const rows = [...table].map(([row, words]) => line(row, [...words.values()]));
  return [line('', columns), ...rows].join('\n');
}
