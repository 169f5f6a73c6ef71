/** The log of commands: what a person must know, on the error output. */
import type {Log} from '../observability/log.ts';

export const stderrLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (fields, message) => {
    process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
  },
  error: (fields, message) => {
    process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
  },
};
