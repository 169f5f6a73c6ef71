/** The settings of the log, and of that of requests. */
import {z} from 'zod';

const access = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Where each request is a line of its own, for programs that read such logs: a path, relative to dataDir, or - for standard output. It is opened again when it was renamed, and at SIGHUP.',
      ),
    format: z
      .enum(['combined', 'json'])
      .default('combined')
      .describe('combined: as Apache and nginx write it.'),
  })
  .prefault({});

export const logSettings = z
  .strictObject({
    level: z
      .enum(['debug', 'info', 'warn', 'error'])
      .default('info')
      .describe('The least important lines that are written.'),
    format: z
      .enum(['auto', 'json', 'pretty'])
      .default('auto')
      .describe('auto: readable on a terminal, JSON elsewhere.'),
    requests: z
      .boolean()
      .default(true)
      .describe('Whether each request is a line of this log, be there an access log or not.'),
    access,
  })
  .prefault({});
