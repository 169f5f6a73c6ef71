/** The line on a terminal that says what is going on. */

export type Progress = (text: string) => void;

/** Writes over itself; with nobody there to look at it, it writes nothing. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return () => undefined;
  return (text) => {
    stream.write(`\r\u001B[K${text.slice(0, stream.columns - 1)}`);
  };
}
