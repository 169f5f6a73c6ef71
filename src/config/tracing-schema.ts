/** The settings of traces. */
import {z} from 'zod';

/** As OTEL_EXPORTER_OTLP_HEADERS is written. Throws nothing: what is no such list is `undefined`. */
export function parseHeaders(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = text
    .split(',')
    .map((pair) => /^\s*([!#$%&'*+.^`|~\w-]+)=([\x20-\x7e]*?)\s*$/.exec(pair));
  if (pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}

export const tracingSettings = z
  .strictObject({
    endpoint: z
      .url({protocol: /^https?$/, error: 'must be a URL such as http://localhost:4318'})
      .refine((text) => !URL.canParse(text) || new URL(text).username === '', {
        message: 'must not have a password in it: that belongs into tracing.headers',
      })
      .optional()
      .describe(
        'Where traces of requests are sent, by OpenTelemetry (OTLP over HTTP), such as http://localhost:4318: /v1/traces is added where there is no path. There are none unless set.',
      ),
    headers: z
      .string()
      .min(1)
      .refine((text) => parseHeaders(text) !== undefined, {
        message: 'must be NAME=VALUE, and further ones after commas',
      })
      .meta({secret: true})
      .optional()
      .describe('Headers that are sent along, such as Authorization=Bearer TOKEN.'),
    sampleRatio: z
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe(
        'How many of the requests are traced: 0.01 is one in a hundred. What a trusted proxy has decided counts more.',
      ),
    serviceName: z
      .string()
      .min(1)
      .default('holdfast')
      .describe('What the traces call this service.'),
  })
  .prefault({});
