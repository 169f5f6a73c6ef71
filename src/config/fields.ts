/** What settings are made of: each with the sentence that tells what is wrong with a value. */
import ipaddr from 'ipaddr.js';
import {z} from 'zod';
import {parseByteSize, parseDuration, parseListenAddress, parseShare} from './units.ts';

export const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h|d)$/, 'must be a duration such as 500ms, 30s, 5m, 12h or 7d')
  .transform(parseDuration);
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
export const byteSize = z
  .string()
  .regex(/^\d+(B|KiB|MiB|GiB)$/, 'must be a size such as 64KiB, 4MiB or 1GiB')
  .transform(parseByteSize);
export const share = z
  .string()
  .regex(
    /^(\d+(B|KiB|MiB|GiB)|(\d|[1-9]\d)(\.\d+)?%)$/,
    'must be a size such as 512MiB or 10GiB, or a part such as 5%',
  )
  .transform(parseShare);
export const listenAddress = z
  .string()
  .refine((text) => parseListenAddress(text) !== undefined, {
    message: 'must be HOST:PORT, such as localhost:5000, 0.0.0.0:5000 or [::]:5000',
    abort: true,
  })
  .transform((text) => parseListenAddress(text) ?? {host: text, port: 0});
export const addressRange = z
  .string()
  .refine(
    (text) => ipaddr.isValid(text) || ipaddr.isValidCIDR(text),
    'must be an address or a range such as 10.0.0.0/8',
  );
export const externalUrl = z
  .url({protocol: /^https?$/, error: 'must be a URL such as https://registry.example.org'})
  .refine((text) => !URL.canParse(text) || new URL(text).search + new URL(text).hash === '', {
    message: 'must have neither query nor fragment',
  });
