/** Entity tags: an answer is the same as long as its text is, and what was read may be changed as long as nobody has changed it. */
import {hash} from 'node:crypto';
import type {Context} from '../context.ts';

/** What changes in an answer without anybody changing it: pulls, pushes, stars, logins. */
const unedited: ReadonlySet<string> = new Set([
  'pulls',
  'pulled_at',
  'pushed_at',
  'updated_at',
  'tags_count',
  'stars',
  'starred',
  'size',
  'bytes',
  'repositories_count',
  'webhooks_count',
  'is_orphan',
  'exclusive_size',
  'may_push',
  'may_delete',
  'current_sign_in_at',
  'last_sign_in_at',
  'locked_at',
  'locked_until',
]);

const shortHash = (text: string): string => hash('sha256', text, 'base64url').slice(0, 27);

/** Of what can be edited in an answer. */
const versionOf = (body: object): string =>
  shortHash(JSON.stringify(body, (key, value: unknown) => (unedited.has(key) ? undefined : value)));

/** `edited`: the body, where a client may name it in If-Match. */
export const etagOf = (text: string, edited?: object): string =>
  edited === undefined ? `"${shortHash(text)}"` : `"${shortHash(text)}.${versionOf(edited)}"`;

/** Whether the client has it already. Weak comparison: a proxy that compresses makes tags weak. */
export function isKnown(ctx: Context, etag: string): boolean {
  const header = ctx.get('If-None-Match');
  return (
    header !== '' && tagsIn(header).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag)
  );
}

/** Whether it may be changed as If-Match says: nothing that can be edited has changed since the client has got it. */
export function isExpected(ctx: Context, before: object): boolean {
  const header = ctx.get('If-Match');
  if (header === '') return true;
  const end = `.${versionOf(before)}"`;
  return tagsIn(header).some((tag) => tag === '*' || (tag.startsWith('"') && tag.endsWith(end)));
}

const tagsIn = (header: string): readonly string[] => header.split(',').map((tag) => tag.trim());
