/** The log: JSON lines for machines, readable lines on a terminal, no credentials in either. */
import {pino, stdSerializers, stdTimeFunctions} from 'pino';
import type {DestinationStream, Logger} from 'pino';
import {PinoPretty} from 'pino-pretty';
import type {Config} from '../config/schema.ts';
import {fitForLog} from './redact.ts';

export type {Logger} from 'pino';

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
      formatters: {
        level: (label) => ({level: label}),
        bindings: (bindings) => fitForLog(bindings),
        log: (fields) => fitForLog(fields),
      },
      serializers: {
        err: (error: unknown) =>
          error instanceof Error ? fitForLog({...stdSerializers.err(error)}) : error,
      },
    },
    pretty
      ? PinoPretty({sync: true, colorize: terminal, ...(destination ? {destination} : {})})
      : (destination ?? pino.destination({fd: 1, sync: true})),
  );
}
