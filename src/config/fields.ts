/** What settings are made of: each with the sentence that tells what is wrong with a value. */
import ipaddr from 'ipaddr.js';
import {z} from 'zod';
import {shown} from './shown.ts';
import {parseByteSize, parseDuration, parseListenAddress, parseShare} from './units.ts';

/** Text of one form. It repeats what was given, as no secret is written so. */
const written = (form: RegExp, wanted: string): z.ZodType<string, string> =>
  z
    .string({error: wanted})
    .regex(form, {error: ({input}) => `${wanted}, not ${shown(input)}`, abort: true});

export const duration = written(
  /^\d+(ms|s|m|h|d)$/,
  'must be a duration such as 500ms, 30s, 5m, 12h or 7d',
).transform(parseDuration);
/** Such a time from now is a date still. */
export const life = duration.refine((milliseconds) => milliseconds <= parseDuration('36500d'), {
  message: 'must be at most 36500d',
});
/** For what setTimeout measures: it takes more than 2^31-1 ms for 1 ms. */
export const timeout = duration.refine((milliseconds) => milliseconds <= parseDuration('24d'), {
  message: 'must be at most 24d',
});
/** Where 0 would end every request, or none. */
export const positiveTimeout = timeout.refine((milliseconds) => milliseconds > 0, {
  message: 'must be more than 0',
});
export const byteSize = written(
  /^\d+(B|KiB|MiB|GiB)$/,
  'must be a size such as 64KiB, 4MiB or 1GiB',
)
  .transform(parseByteSize)
  // What is read into the memory at once; Node takes no larger header than 2 GiB.
  .refine((bytes) => bytes <= parseByteSize('1GiB'), {message: 'must be at most 1GiB'});
export const share = written(
  /^(\d+(B|KiB|MiB|GiB)|(\d|[1-9]\d)(\.\d+)?%)$/,
  'must be a size such as 512MiB or 10GiB, or a part such as 5%',
).transform(parseShare);

const hostAndPort = 'must be HOST:PORT, such as localhost:5000, 0.0.0.0:5000 or [::]:5000';

export const listenAddress = z.string({error: hostAndPort}).transform((text, context) => {
  const address = parseListenAddress(text);
  if (address !== undefined) return address;
  const port = /:(\d+)$/.exec(text)?.[1];
  const why = Number(port) > 65_535 ? `: ${shown(Number(port))} is no port (1 to 65535)` : '';
  context.addIssue({code: 'custom', message: `${hostAndPort}, not ${shown(text)}${why}`});
  return z.NEVER;
});
export const addressRange = z
  .string()
  .refine(
    (text) => ipaddr.isValid(text) || ipaddr.isValidCIDR(text),
    'must be an address or a range such as 10.0.0.0/8',
  );
export const webPath = written(
  /^\/(?:[A-Za-z0-9._~-]+\/)+$/,
  'must be a path that begins and ends with a slash, such as /internal/',
);
export const externalUrl = z
  .url({protocol: /^https?$/, error: 'must be a URL such as https://registry.example.org'})
  .refine((text) => !URL.canParse(text) || new URL(text).search + new URL(text).hash === '', {
    message: 'must have neither query nor fragment',
  });
