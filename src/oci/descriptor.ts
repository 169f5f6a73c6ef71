/** Descriptors: what a manifest says of the content it names. */
import {z} from 'zod';
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
  urls: z.array(z.string()).optional(),
  annotations: z.record(z.string(), z.string()).nullish(),
  artifactType: z.string().optional(),
});

export type Descriptor = z.infer<typeof descriptorSchema>;
