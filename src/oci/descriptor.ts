/** Descriptors: what a manifest says of the content it names. */
import {z} from 'zod';
import {listOf, stringMap} from './bounded-check.ts';
import {type Digest, isDigest} from './digest.ts';

const digest = z.custom<Digest>(
  (value) => typeof value === 'string' && isDigest(value),
  'must be a sha256 or sha512 digest',
);

/** Fields beyond these are their author's and stay as they are. */
export const descriptorSchema = z.looseObject({
  mediaType: z.string().min(1).max(255),
  digest,
  size: z.int().nonnegative(),
  urls: listOf(z.string()).optional(),
  annotations: stringMap.nullish(),
  artifactType: z.string().optional(),
});

export type Descriptor = z.infer<typeof descriptorSchema>;
