/** The log: JSON lines for machines, readable lines on a terminal, no credentials in either. */
import {pino, stdSerializers, stdTimeFunctions} from 'pino';
import type {DestinationStream, Logger} from 'pino';
import {errorText} from './error-text.ts';
import {readableLine} from './readable-line.ts';
import type {Config} from '../config/schema.ts';
import {fitForLog} from './redact.ts';
import {LostLines} from './lost-lines.ts';
import {type StandardOutput, standardOutput} from './standard-output.ts';

export type {Logger} from 'pino';

type Line = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** What whoever logs needs of it: a message that is always the same, and in fields what belongs to it. */
export interface Log {
  readonly debug: Line;
  readonly info: Line;
  readonly warn: Line;
  readonly error: Line;
}

interface LogOptions {
  readonly destination?: DestinationStream;
  /** One that others write to as well. */
  readonly output?: StandardOutput;
}

/** Lines go to standard output unless there is a `destination`. */
export function createLog(
  {level, format}: Pick<Config['log'], 'level' | 'format'>,
  {destination, output}: LogOptions = {},
): Logger {
  const terminal = destination === undefined && process.stdout.isTTY;
  const pretty = format === 'pretty' || (format === 'auto' && terminal);
  const plain: DestinationStream & Partial<Pick<StandardOutput, 'onGap'>> =
    destination ?? output ?? standardOutput(new LostLines());
  const log = pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({level: label}),
        bindings: (bindings) => fitForLog(bindings),
        log: (fields) => fitForLog(fields),
      },
      serializers: {
        err: (error: unknown) =>
          error instanceof Error
            ? fitForLog({...stdSerializers.err(error), message: errorText(error)})
            : error,
      },
    },
    pretty ? readable(plain, {isColoured: terminal, hasStack: level === 'debug'}) : plain,
  );
  plain.onGap?.((lines) => {
    log.warn({lines}, 'lines are missing in the log: it could not be written');
  });
  return log;
}

const readable = (
  plain: DestinationStream,
  options: Parameters<typeof readableLine>[1],
): DestinationStream => ({
  write: (line) => {
    plain.write(readableLine(line, options));
  },
});
