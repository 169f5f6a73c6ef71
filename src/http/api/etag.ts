/** Entity tags: an answer is the same as long as its text is. */
import {hash} from 'node:crypto';
import type {Context} from '../context.ts';

export const etagOf = (body: unknown): string =>
  `"${hash('sha256', JSON.stringify(body), 'base64url').slice(0, 27)}"`;

/** Whether the client has it already. Weak comparison: a proxy that compresses makes tags weak. */
export function isKnown(ctx: Context, etag: string): boolean {
  const header = ctx.get('If-None-Match');
  return (
    header !== '' && tagsIn(header).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag)
  );
}

/** What may be edited as If-Match says; `undefined`: whatever it is. */
export function expectedTags(ctx: Context): readonly string[] | undefined {
  const header = ctx.get('If-Match');
  return header === '' ? undefined : tagsIn(header);
}

const tagsIn = (header: string): readonly string[] => header.split(',').map((tag) => tag.trim());
