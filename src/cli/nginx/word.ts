/** Values as nginx reads them. */

/** A path or another text of one line. */
export const word = (text: string): string =>
  /^[\w./:@%+,=*~-]+$/.test(text) ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

/** Milliseconds in whole seconds; at least one. */
export const seconds = (milliseconds: number): number =>
  Math.max(1, Math.round(milliseconds / 1000));
