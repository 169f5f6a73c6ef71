/** Activities as a file for spreadsheets: RFC 4180, and nothing in it is a formula. */
import {type ShownActivity, shownActivity} from './shown.ts';

const columns = shownActivity.keyof().options;

/** A spreadsheet would reckon with what begins so: with a quote before it, it is text. */
const formula = /^[=+\-@\t\r]/;

type Cell = ShownActivity[keyof ShownActivity];

function cellOf(value: Cell): string {
  const plain =
    value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  const text = formula.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const lineOf = (values: readonly Cell[]): string => `${values.map(cellOf).join(',')}\r\n`;

export const csvHeader = (): string => lineOf(columns);

export const csvLine = (activity: ShownActivity): string =>
  lineOf(
    columns.map((column) =>
      column === 'parameters' && Object.keys(activity.parameters).length === 0
        ? ''
        : activity[column],
    ),
  );
