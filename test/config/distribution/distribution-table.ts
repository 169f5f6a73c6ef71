/** The table of Docker Distribution's keys in docs/moving-from-distribution.md. */
import type {Row} from '../../../src/config/distribution/row.ts';

export const distributionTable = (rows: readonly Row[]): string =>
  `| Key | Holdfast |\n| --- | --- |\n${rows
    .map(({keys, becomes}) => `| ${keys.map((key) => `\`${key}\``).join(', ')} | ${becomes} |\n`)
    .join('')}`;
