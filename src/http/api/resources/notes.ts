/** What people say of repositories: stars and comments. */
import {z} from 'zod';
import {
  addComment,
  addStar,
  type Comment,
  findComment,
  pageOfComments,
  readStars,
  removeComment,
  removeStar,
} from '../../../metadata/content/notes.ts';
import type {RepositoryName} from '../../../oci/name.ts';
import {ApiError} from '../api-error.ts';
import type {Asker} from '../asker.ts';
import type {ContentOptions} from '../content-options.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {pageQuery, pageReply, toPage} from '../pages.ts';
import {time, timeText} from '../fields.ts';
import {recording} from '../record-content.ts';
import {accountOf, authorFor, seesAll} from '../repository-sight.ts';
import {repositoryId, rowOf} from './repositories.ts';

const starsAnswer = z
  .strictObject({stars: z.number(), starred: z.boolean().describe('By whoever asks.')})
  .meta({id: 'Stars'});

const commentAnswer = z
  .strictObject({
    id: z.string(),
    author: z
      .string()
      .nullable()
      .describe('The name of the account at that time; null without an account.'),
    body: z.string().describe('Markdown, as it was written: whoever shows it makes it safe.'),
    created_at: time,
    may_delete: z.boolean(),
  })
  .meta({id: 'Comment', description: 'What somebody said of a repository.'});

const longestComment = 16 * 1024;

export function noteEndpoints(options: ContentOptions): readonly Endpoint[] {
  const {db, now} = options;
  const starsOf = async (asker: Asker, name: RepositoryName) => {
    const {count = 0, isOwn = false} =
      (await readStars(db, [name], accountOf(asker)?.id)).get(name) ?? {};
    return {status: 200, body: {stars: count, starred: isOwn}};
  };
  return [
    endpoint({
      name: 'stars-add',
      method: 'put',
      path: '/repositories/:id/star',
      summary: 'Give a repository a star',
      who: 'person',
      canBeOff: true,
      params: repositoryId,
      answers: {200: {description: 'Its stars now.', schema: starsAnswer}},
      handle: async ({asker, params}) => {
        const {name} = await rowOf(options, asker, params.id);
        await addStar(db, name, {userId: requireAccount(asker).id, at: now().getTime()});
        return starsOf(asker, name);
      },
    }),
    endpoint({
      name: 'stars-remove',
      method: 'delete',
      path: '/repositories/:id/star',
      summary: 'Take the star back',
      who: 'person',
      canBeOff: true,
      params: repositoryId,
      answers: {200: {description: 'Its stars now.', schema: starsAnswer}},
      handle: async ({asker, params}) => {
        const {name} = await rowOf(options, asker, params.id);
        await removeStar(db, name, requireAccount(asker).id);
        return starsOf(asker, name);
      },
    }),
    endpoint({
      name: 'comments-list',
      method: 'get',
      path: '/repositories/:id/comments',
      summary: 'List the comments on a repository, the newest first',
      who: 'anonymous',
      limited: true,
      params: repositoryId,
      query: pageQuery(['created_at']).omit({sort_attr: true, sort_order: true}),
      answers: {200: {description: 'A page of them.', schema: z.array(commentAnswer)}},
      handle: async ({ctx, asker, params, query}) => {
        const {name} = await rowOf(options, asker, params.id);
        const sorted = {...query, sort_attr: 'created_at', sort_order: 'desc'} as const;
        const {items, total} = await pageOfComments(db, name, toPage(sorted));
        const shown = items.map((comment) => toAnswer(asker, comment));
        return pageReply(ctx, sorted, {items: shown, total});
      },
    }),
    endpoint({
      name: 'comments-create',
      method: 'post',
      path: '/repositories/:id/comments',
      summary: 'Comment on a repository',
      who: 'person',
      canBeOff: true,
      wrapper: 'comment',
      params: repositoryId,
      body: z.strictObject({
        body: z
          .string()
          .trim()
          .min(1, 'must say something')
          .max(longestComment)
          .describe('Markdown; it is kept as it is.'),
      }),
      answers: {201: {description: 'The comment.', schema: commentAnswer}},
      handle: async ({asker, params, body}) => {
        const {name} = await rowOf(options, asker, params.id);
        const {id: userId, name: author} = requireAccount(asker);
        const at = now().getTime();
        const comment = await recording(options, {asker, repository: name}, async (turn) => {
          const result = await addComment(turn, name, {userId, author, body: body.body, at});
          return {result, change: {kind: 'comment', id: result.id}};
        });
        return {status: 201, body: toAnswer(asker, comment)};
      },
    }),
    endpoint({
      name: 'comments-delete',
      method: 'delete',
      path: '/repositories/:id/comments/:comment_id',
      summary: 'Delete a comment',
      who: 'person',
      rule: 'Its author, and admins.',
      params: repositoryId.extend({comment_id: z.string().min(1).max(64)}),
      answers: {204: {description: 'It is gone.'}},
      handle: async ({asker, params}) => {
        const {name} = await rowOf(options, asker, params.id);
        const comment = await findComment(db, name, params.comment_id);
        if (!comment) throw new ApiError('unknown', 'there is no such comment');
        if (!mayDelete(asker, comment)) {
          throw new ApiError('denied', 'only its author or an admin may delete it');
        }
        await recording(options, {asker, repository: name}, async (turn) => {
          await removeComment(turn, comment.id);
          return {result: undefined, change: {kind: 'delete-comment', id: comment.id}};
        });
        return {status: 204};
      },
    }),
  ];
}

/** Without accounts nobody has any. */
function requireAccount(asker: Asker) {
  const account = accountOf(asker);
  if (!account) throw new ApiError('off', 'this registry has no accounts: auth.mode is none');
  return account;
}

const mayDelete = (asker: Asker, {userId}: Comment): boolean =>
  seesAll(asker) || (userId !== undefined && accountOf(asker)?.id === userId);

const toAnswer = (asker: Asker, comment: Comment) => ({
  id: comment.id,
  author: authorFor(asker, comment.author),
  body: comment.body,
  created_at: timeText(comment.createdAt),
  may_delete: mayDelete(asker, comment),
});
