/** The log: JSON lines for machines, readable lines on a terminal, no credentials in either. */
import {pino, stdTimeFunctions} from 'pino';
import type {DestinationStream, Logger} from 'pino';
import {PinoPretty} from 'pino-pretty';
import type {Config} from '../config/schema.ts';

export type {Logger} from 'pino';

const credentials = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'password'];
/** At the top of a line, and up to three objects deep: `err.config.headers.authorization`. */
const depths = ['', '*', '*.*', '*.*.*'];
const redacted = depths.flatMap((depth) => credentials.map((name) => `${depth}["${name}"]`));

/** Lines go to standard output unless there is a `destination`. */
export function createLog(
  {level, format}: Config['log'],
  {destination}: {destination?: DestinationStream} = {},
): Logger {
  const terminal = destination === undefined && process.stdout.isTTY;
  const pretty = format === 'pretty' || (format === 'auto' && terminal);
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: {level: (label) => ({level: label})},
      redact: {paths: redacted, censor: '[redacted]'},
    },
    pretty
      ? PinoPretty({sync: true, colorize: terminal, ...(destination ? {destination} : {})})
      : (destination ?? pino.destination({fd: 1, sync: true})),
  );
}
