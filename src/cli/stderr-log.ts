/** The log of commands: what a person must know, on the error output. */
import type {TlsLog} from '../tls/log.ts';

export const stderrLog: TlsLog = {
  info: () => undefined,
  warn: (fields, message) => {
    process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
  },
  error: (fields, message) => {
    process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
  },
};
