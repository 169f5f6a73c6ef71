/** What tags pointed at, and how one is put back. */
import {z} from 'zod';
import {isDigest} from '../../../oci/digest.ts';
import {originOf} from '../../origin.ts';
import {ApiError} from '../api-error.ts';
import type {ContentOptions} from '../content-options.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {time} from '../fields.ts';
import {authorFor, requireMay, requireTag, seenRepository} from '../repository-sight.ts';
import {repositoryId} from './repositories.ts';
import {tagId} from './tags.ts';

const mostOfPage = 1000;

const limit = z
  .string()
  .regex(/^[1-9]\d{0,3}$/, 'must be a number from 1 to 1000')
  .transform(Number)
  .refine((value) => value <= mostOfPage, 'must be a number from 1 to 1000')
  .prefault('100')
  .meta({type: 'integer', default: 100, maximum: mostOfPage, description: 'How many at most.'});

const entry = z
  .strictObject({
    at: time,
    digest: z.string().nullable().describe('Null: it was deleted then.'),
    author: z.string().nullable().describe('Null without an account.'),
    can_restore: z.boolean().describe('Whether the repository holds the manifest still.'),
  })
  .meta({id: 'TagHistoryEntry'});

const deletedTag = z
  .strictObject({
    name: z.string(),
    deleted_at: time.nullable(),
    author: z.string().nullable().describe('Who has deleted it.'),
    digest: z.string().nullable().describe('What it pointed at last.'),
    can_restore: z.boolean(),
  })
  .meta({id: 'DeletedTag'});

export function tagHistoryEndpoints(options: ContentOptions): readonly Endpoint[] {
  const {tagHistory} = options.registry;
  return [
    endpoint({
      name: 'tag-history',
      method: 'get',
      path: '/repositories/:id/tags/:tag_id/history',
      summary: 'Tell what a tag pointed at, the newest first',
      description: 'Of a deleted tag as well.',
      who: 'anonymous',
      limited: true,
      params: tagId,
      query: z.strictObject({
        limit,
        before: z.iso
          .datetime({offset: true, error: 'must be a time of ISO 8601'})
          .optional()
          .describe('Older than that: the `at` of the last entry leads to the next page.'),
      }),
      answers: {200: {description: 'A part of it.', schema: z.array(entry)}},
      handle: async ({asker, params, query}) => {
        const name = await seenRepository(options, asker, params.id);
        const before = query.before === undefined ? undefined : new Date(query.before);
        const page = {limit: query.limit, before};
        const entries = await tagHistory.list(name, requireTag(params.tag_id), page);
        if (entries.length === 0 && !before) {
          throw new ApiError('unknown', 'there is no such tag, and never was');
        }
        const body = entries.map(({at, digest, by, isHeld}) => ({
          at: at.toISOString(),
          digest: digest ?? null,
          author: authorFor(asker, by),
          can_restore: isHeld,
        }));
        return {status: 200, body};
      },
    }),
    endpoint({
      name: 'tag-restore',
      method: 'post',
      path: '/repositories/:id/tags/:tag_id/restore',
      summary: 'Put a tag back to what it pointed at before',
      description: 'A deleted tag comes back so, too. What it points at now stays in its history.',
      who: 'account',
      limited: true,
      rule: 'Whoever may push to the repository.',
      params: tagId,
      body: z.strictObject({
        digest: z
          .string()
          .refine(isDigest, 'must be a digest of its history')
          .describe('One of its history.'),
      }),
      answers: {
        200: {
          description: 'It points there.',
          schema: z.strictObject({name: z.string(), digest: z.string()}).meta({id: 'RestoredTag'}),
        },
      },
      handle: async ({ctx, asker, params, body}) => {
        const name = await seenRepository(options, asker, params.id);
        const tag = requireTag(params.tag_id);
        await requireMay(options, asker, name, 'push');
        const {digest} = body;
        const origin = originOf(ctx);
        const outcome = await tagHistory.restore(name, tag, {digest, origin});
        if (outcome === 'unknown') {
          throw new ApiError('unknown', 'the tag never pointed at that digest');
        }
        if (outcome !== 'restored') {
          throw new ApiError(
            'refused',
            outcome.gone.map((what) => ({message: `${what} is gone`, field: 'digest'})),
          );
        }
        ctx.state.log.info({repository: name, tag, digest, actor: origin.actor}, 'tag restored');
        return {status: 200, body: {name: tag, digest}};
      },
    }),
    endpoint({
      name: 'deleted-tags',
      method: 'get',
      path: '/repositories/:id/deleted-tags',
      summary: 'List the tags that were deleted',
      description: 'Of a deleted repository as well. A `Link` leads to the next part.',
      who: 'anonymous',
      limited: true,
      params: repositoryId,
      query: z.strictObject({
        limit,
        after: z.string().max(128).optional().describe('Names that come after this one.'),
      }),
      answers: {200: {description: 'A part of them, by name.', schema: z.array(deletedTag)}},
      handle: async ({ctx, asker, params, query}) => {
        const name = await seenRepository(options, asker, params.id);
        const {items, last} = await tagHistory.deleted(name, query);
        const body = items.map(({tag, deletedAt, deletedBy, digest, isHeld}) => ({
          name: tag,
          deleted_at: deletedAt?.toISOString() ?? null,
          author: authorFor(asker, deletedBy),
          digest: digest ?? null,
          can_restore: isHeld,
        }));
        const next = new URLSearchParams({limit: String(query.limit), after: last ?? ''});
        const link = `<${ctx.state.client.prefix}${ctx.path}?${next.toString()}>; rel="next"`;
        return {status: 200, body, headers: last === undefined ? {} : {Link: link}};
      },
    }),
  ];
}
