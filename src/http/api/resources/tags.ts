/** Tags: listed, shown, and deleted one by one, never with their siblings. */
import {z} from 'zod';
import {pageOfAllTags} from '../../../metadata/content/all-tags.ts';
import {
  groupsOfTags,
  pageOfTags,
  readTagRows,
  tagOrders,
} from '../../../metadata/content/tag-pages.ts';
import {RegistryError} from '../../../oci/errors.ts';
import {isTag} from '../../../oci/tag.ts';
import {registryHost} from '../../sign-in/place.ts';
import type {Context} from '../../context.ts';
import {originOf} from '../../origin.ts';
import {ApiError} from '../api-error.ts';
import type {ContentOptions} from '../content-options.ts';
import {type Asked, endpoint, type Endpoint, type Reply} from '../endpoint.ts';
import {idText} from '../fields.ts';
import {pageQuery, pageReply, toPage} from '../pages.ts';
import {
  presentWholeTag,
  presentTag,
  tagAnswer,
  tagGroupAnswer,
  wholeTagAnswer,
} from '../present-tag.ts';
import {requireMay, requireTag, seenRepository, spanOf} from '../repository-sight.ts';
import {repositoryId, rowOf} from './repositories.ts';

const manifestKinds = ['image', 'index', 'artifact'] as const;

export const tagId = repositoryId.extend({tag_id: z.string().min(1).max(128).describe('The tag.')});
const oneId = z.strictObject({
  id: idText.max(400).describe('The id of the repository or its name, a colon and the tag.'),
});

const mostAtOnce = 100;

const outcomes = z
  .array(
    z
      .strictObject({
        name: z.string(),
        outcome: z.enum(['deleted', 'unknown', 'failed']),
      })
      .meta({id: 'TagOutcome'}),
  )
  .describe('One for each that was named.');

type AskedTag = Pick<Asked<unknown, unknown, unknown>, 'ctx' | 'asker'>;

export function tagEndpoints(options: ContentOptions): readonly Endpoint[] {
  const show = async ({ctx, asker}: AskedTag, id: string, text: string): Promise<Reply> => {
    const {name} = await rowOf(options, asker, id);
    const [row] = await readTagRows(options.db, name, [requireTag(text)]);
    const details = row && (await options.registry.details(name, row.digest));
    if (!details) throw new ApiError('unknown', 'there is no such tag');
    const host = registryHost(ctx, options.config.externalUrl);
    return {status: 200, body: presentWholeTag(host, presentTag(asker, name, row), details)};
  };
  const remove = async ({ctx, asker}: AskedTag, id: string, text: string): Promise<Reply> => {
    const name = await seenRepository(options, asker, id);
    const tag = requireTag(text);
    await requireMay(options, asker, name, 'delete');
    if (!(await deleteOne(options, ctx, {name, tag}))) {
      throw new ApiError('unknown', 'there is no such tag');
    }
    ctx.state.log.info({repository: name, tag}, 'tag deleted');
    return {status: 204};
  };
  return [
    endpoint({
      name: 'tags-list',
      method: 'get',
      path: '/repositories/:id/tags',
      summary: 'List the tags of a repository',
      who: 'anonymous',
      limited: true,
      params: repositoryId,
      query: pageQuery(tagOrders).extend({
        name: z.string().min(1).max(128).optional().describe('Somewhere in the name.'),
        kind: z
          .enum(manifestKinds, `must be one of ${manifestKinds.join(', ')}`)
          .optional()
          .describe('Those that point at such a thing.'),
      }),
      answers: {200: {description: 'A page of them.', schema: z.array(tagAnswer)}},
      handle: async ({ctx, asker, params, query}) => {
        const {name} = await rowOf(options, asker, params.id);
        const wanted = {...toPage(query), text: query.name, kind: query.kind};
        const {items, total} = await pageOfTags(options.db, name, wanted);
        return pageReply(ctx, query, {
          items: items.map((row) => presentTag(asker, name, row)),
          total,
        });
      },
    }),
    endpoint({
      name: 'tags-grouped',
      method: 'get',
      path: '/repositories/:id/tags/grouped',
      summary: 'List the tags of a repository by what they point at',
      description: 'What was pushed last comes first.',
      who: 'anonymous',
      limited: true,
      params: repositoryId,
      query: pageQuery(['pushed_at']).omit({sort_attr: true, sort_order: true}),
      answers: {200: {description: 'A page of groups.', schema: z.array(tagGroupAnswer)}},
      handle: async ({ctx, asker, params, query}) => {
        const {name} = await rowOf(options, asker, params.id);
        const sorted = {...query, sort_attr: 'pushed_at', sort_order: 'desc'} as const;
        const {items, total} = await groupsOfTags(options.db, name, toPage(sorted));
        const shown = items.map(({digest, pushedAt, count, tags}) => ({
          digest,
          pushed_at: new Date(pushedAt).toISOString(),
          tags_count: count,
          is_signed: tags.some(({isSigned}) => isSigned),
          platforms: tags[0]?.platforms ?? [],
          tags: tags.map((row) => presentTag(asker, name, row)),
        }));
        return pageReply(ctx, sorted, {items: shown, total});
      },
    }),
    endpoint({
      name: 'tags-show',
      method: 'get',
      path: '/repositories/:id/tags/:tag_id',
      summary: 'Show a tag with all of what it points at',
      who: 'anonymous',
      limited: true,
      params: tagId,
      answers: {200: {description: 'The tag.', schema: wholeTagAnswer}},
      handle: async ({params, ...asked}) => show(asked, params.id, params.tag_id),
    }),
    endpoint({
      name: 'tags-list-all',
      method: 'get',
      path: '/tags',
      summary: 'List tags of all repositories',
      description: 'By the names of these, as in the catalogue.',
      who: 'anonymous',
      limited: true,
      rule: 'Everybody gets what he may see.',
      query: pageQuery(['name']),
      answers: {200: {description: 'A page of them.', schema: z.array(tagAnswer)}},
      handle: async ({ctx, asker, query}) => {
        await options.registry.settled();
        const span = await spanOf(options, asker);
        const {items, total} = await pageOfAllTags(options.db, span, toPage(query));
        const shown = items.map(({repository, row}) => presentTag(asker, repository, row));
        return pageReply(ctx, query, {items: shown, total});
      },
    }),
    endpoint({
      name: 'tag-show',
      method: 'get',
      path: '/tags/:id',
      summary: 'Show a tag by its whole id',
      who: 'anonymous',
      limited: true,
      params: oneId,
      answers: {200: {description: 'The tag.', schema: wholeTagAnswer}},
      handle: async ({params, ...asked}) => show(asked, ...partsOf(params.id)),
    }),
    endpoint({
      name: 'tags-delete',
      method: 'delete',
      path: '/repositories/:id/tags/:tag_id',
      summary: 'Delete a tag',
      description: 'That tag alone: others that point at the same stay, and so does the manifest.',
      who: 'account',
      limited: true,
      rule: 'Whoever may delete in the repository.',
      params: tagId,
      answers: {204: {description: 'It is gone.'}},
      handle: async ({params, ...asked}) => remove(asked, params.id, params.tag_id),
    }),
    endpoint({
      name: 'tag-delete',
      method: 'delete',
      path: '/tags/:id',
      summary: 'Delete a tag by its whole id',
      who: 'account',
      limited: true,
      rule: 'Whoever may delete in the repository.',
      params: oneId,
      answers: {204: {description: 'It is gone.'}},
      handle: async ({params, ...asked}) => remove(asked, ...partsOf(params.id)),
    }),
    endpoint({
      name: 'tags-delete-several',
      method: 'post',
      path: '/repositories/:id/tags/delete',
      summary: 'Delete several tags',
      who: 'account',
      limited: true,
      rule: 'Whoever may delete in the repository.',
      params: repositoryId,
      body: z.strictObject({tags: z.array(z.string().max(128)).min(1).max(mostAtOnce)}),
      answers: {200: {description: 'What became of each.', schema: outcomes}},
      handle: async ({ctx, asker, params, body}) => {
        const name = await seenRepository(options, asker, params.id);
        await requireMay(options, asker, name, 'delete');
        const found: z.output<typeof outcomes> = [];
        for (const tag of new Set(body.tags)) {
          try {
            const isDeleted = isTag(tag) && (await deleteOne(options, ctx, {name, tag}));
            found.push({name: tag, outcome: isDeleted ? 'deleted' : 'unknown'});
          } catch (error) {
            // Those before it are gone: that must be told.
            ctx.state.log.error({err: error, repository: name, tag}, 'tag not deleted');
            found.push({name: tag, outcome: 'failed'});
          }
        }
        ctx.state.log.info({repository: name, tags: found}, 'tags deleted');
        return {status: 200, body: found};
      },
    }),
  ];
}

/** False: it is not there. */
async function deleteOne(
  {registry}: ContentOptions,
  ctx: Context,
  {
    name,
    tag,
  }: {
    readonly name: Parameters<typeof registry.manifests.delete>[0];
    readonly tag: ReturnType<typeof requireTag>;
  },
): Promise<boolean> {
  try {
    await registry.manifests.delete(name, {tag}, originOf(ctx));
    return true;
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404) return false;
    throw error;
  }
}

function partsOf(id: string): [repository: string, tag: string] {
  const colon = id.lastIndexOf(':');
  return [id.slice(0, Math.max(colon, 0)), id.slice(colon + 1)];
}
