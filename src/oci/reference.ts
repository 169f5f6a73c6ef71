/** References: a tag or a digest, nothing else. */
import {type Digest, parseDigest} from './digest.ts';
import {isTag, type Tag} from './tag.ts';

export type Reference = {readonly tag: Tag} | {readonly digest: Digest};

/** `undefined`: neither. Throws DIGEST_INVALID where it has a colon, since no tag has one. */
export function parseReference(text: string): Reference | undefined {
  if (text.includes(':')) return {digest: parseDigest(text)};
  return isTag(text) ? {tag: text} : undefined;
}
