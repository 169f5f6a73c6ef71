/** The tables of another program's keys in docs/moving-from-distribution.md and docs/moving-from-portus.md. */

interface Row {
  readonly keys: readonly string[];
  readonly becomes: string;
}

export const distributionTable = (rows: readonly Row[]): string =>
  `| Key | Holdfast |\n| --- | --- |\n${rows
    .map(({keys, becomes}) => `| ${keys.map((key) => `\`${key}\``).join(', ')} | ${becomes} |\n`)
    .join('')}`;
