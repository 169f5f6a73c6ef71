/** What a token says: written by the issuer, read by the verifier. */
import {z} from 'zod';
import {roles} from '../metadata/words.ts';

/** In characters. Clients send the token with each request, and proxies refuse longer headers before this is reached. */
export const longestToken = 16 * 1024;

/** In seconds since 1970; a Date holds no more. */
const time = z.int().nonnegative().max(8_640_000_000_000);

const limits = z.object({
  namespaces: z.array(z.string()).optional(),
  pullOnly: z.boolean(),
  teams: z.record(z.string(), z.enum(roles)).optional(),
});

/** Claims beside these are left out, so that a later version may add some. */
export const claimsSchema = z.object({
  iss: z.string(),
  /** Empty: anonymous. */
  sub: z.string(),
  aud: z.string(),
  exp: time,
  nbf: time,
  iat: time,
  jti: z.string().min(1).max(128),
  access: z.array(z.object({type: z.string(), name: z.string(), actions: z.array(z.string())})),
  /** For ourselves: whose token it is, by what never changes, and the generation that it counts for. */
  holdfast: z
    .object({
      account: z.string().optional(),
      generation: z.int().nonnegative().optional(),
      limits: limits.optional(),
    })
    .optional(),
});

export type Claims = z.output<typeof claimsSchema>;
