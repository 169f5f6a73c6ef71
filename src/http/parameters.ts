/** Strings from the network become the specification's words. */
import {type Digest, parseDigest} from '../oci/digest.ts';
import {RegistryError} from '../oci/errors.ts';
import {parseRepositoryName, type RepositoryName} from '../oci/name.ts';
import {parseReference, type Reference} from '../oci/reference.ts';
import type {Context, RouteContext} from './context.ts';

/** Throws NAME_INVALID. */
export const nameParameter = ({params}: RouteContext): RepositoryName =>
  parseRepositoryName(params['name'] ?? '');

/** Throws DIGEST_INVALID. */
export const digestParameter = ({params}: RouteContext): Digest =>
  parseDigest(params['digest'] ?? '');

/** Throws DIGEST_INVALID, and `otherwise` where it is neither a tag nor a digest. */
export function referenceParameter(
  {params}: RouteContext,
  otherwise: 'MANIFEST_UNKNOWN' | 'MANIFEST_INVALID' = 'MANIFEST_UNKNOWN',
): Reference {
  const text = params['reference'] ?? '';
  const reference = parseReference(text);
  if (reference) return reference;
  throw new RegistryError(otherwise, {
    message:
      'a reference is a digest, or a tag: up to 128 of A-Z a-z 0-9 _ . -, not beginning with . or -',
    detail: {reference: text.slice(0, 200)},
  });
}

/** The first value of a query parameter. */
export function queryParameter(ctx: Context, name: string): string | undefined {
  return queryParameters(ctx, name)[0];
}

export function queryParameters(ctx: Context, name: string): readonly string[] {
  // Koa's own `query` takes seconds for a long list of one name.
  return new URLSearchParams(ctx.querystring).getAll(name);
}
