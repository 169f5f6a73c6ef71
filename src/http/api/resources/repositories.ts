/** Repositories: listed, shown, described and deleted. */
import {z} from 'zod';
import {readDescription, writeDescription} from '../../../metadata/content/notes.ts';
import {
  pageOfRepositories,
  readRepositories,
  repositoryOrders,
  type RepositoryRow,
} from '../../../metadata/content/repository-pages.ts';
import {sizeOfRepository} from '../../../metadata/content/manifest-details.ts';
import type {RepositoryName} from '../../../oci/name.ts';
import {originOf} from '../../origin.ts';
import {ApiError} from '../api-error.ts';
import type {Asker} from '../asker.ts';
import type {ContentOptions} from '../content-options.ts';
import {changed, requireExpected} from '../edit.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {idParam} from '../fields.ts';
import {pageQuery, pageReply, toPage} from '../pages.ts';
import {
  presentRepositories,
  repositoryAnswer,
  wholeRepositoryAnswer,
} from '../present-repository.ts';
import {recording} from '../record-content.ts';
import {repositoryLists, spanOfList} from '../repository-lists.ts';
import {accountOf, may, requireMay, seenRepository, seesAll} from '../repository-sight.ts';

export const repositoryId = idParam('The id of the repository, or its name, encoded.');

const longestDescription = 32 * 1024;
/** A larger repository is measured with all others, by the statistics. */
const mostMeasured = 2000;

/** Throws an ApiError `unknown` where the caller may not see it, or the index has none. */
export async function rowOf(
  options: ContentOptions,
  asker: Asker,
  id: string,
): Promise<RepositoryRow> {
  const name = await seenRepository(options, asker, id);
  await options.registry.settled();
  const [row] = await readRepositories(options.db, [name]);
  if (!row) throw new ApiError('unknown', 'there is no such repository');
  return row;
}

export function repositoryEndpoints(options: ContentOptions): readonly Endpoint[] {
  const {db, registry, now} = options;
  const shown = async (asker: Asker, row: RepositoryRow) => {
    const {name} = row;
    const [body] = await presentRepositories(options, asker, [row]);
    return {
      ...body,
      description: (await readDescription(db, name))?.text ?? '',
      ...(await sizesOf(options, asker, name)),
      may_push: await may(options, asker, name, 'push'),
      may_delete: await may(options, asker, name, 'delete'),
    };
  };
  return [
    endpoint({
      name: 'repositories-list',
      method: 'get',
      path: '/repositories',
      summary: 'List repositories',
      who: 'anonymous',
      limited: true,
      rule: 'Everybody gets those that he may pull.',
      query: pageQuery(repositoryOrders).extend({
        list: z
          .enum(repositoryLists, `must be one of ${repositoryLists.join(', ')}`)
          .default('all')
          .describe(
            'Those with a star of the caller, those below his own name, those of his teams, or those that are none of his.',
          ),
        namespace: z
          .string()
          .max(255)
          .optional()
          .describe('Those in it and below; empty: those without a slash.'),
        name: z.string().min(1).max(255).optional().describe('Somewhere in the name.'),
      }),
      answers: {200: {description: 'A page of them.', schema: z.array(repositoryAnswer)}},
      handle: async ({ctx, asker, query}) => {
        const account = accountOf(asker);
        if (query.list !== 'all' && !account) throw new ApiError('unauthorized', 'log in for that');
        await registry.settled();
        const personal = query.list === 'personal' ? account?.name : undefined;
        if (personal !== undefined && query.namespace !== undefined) {
          throw new ApiError(
            'bad-request',
            'a personal list has its namespace: leave out the other',
          );
        }
        const filter = {
          span: await spanOfList(options, asker, query.list),
          namespace: personal ?? query.namespace,
          starredBy: query.list === 'starred' ? account?.id : undefined,
          text: query.name?.toLowerCase(),
        };
        const {items, total} = await pageOfRepositories(db, filter, toPage(query));
        return pageReply(ctx, query, {
          items: await presentRepositories(options, asker, items),
          total,
        });
      },
    }),
    endpoint({
      name: 'repositories-show',
      method: 'get',
      path: '/repositories/:id',
      summary: 'Show a repository',
      who: 'anonymous',
      limited: true,
      params: repositoryId,
      edits: true,
      answers: {200: {description: 'The repository.', schema: wholeRepositoryAnswer}},
      handle: async ({asker, params}) => ({
        status: 200,
        body: await shown(asker, await rowOf(options, asker, params.id)),
      }),
    }),
    endpoint({
      name: 'repositories-update',
      method: 'put',
      path: '/repositories/:id',
      summary: 'Describe a repository',
      who: 'account',
      limited: true,
      rule: 'Whoever may push to it.',
      wrapper: 'repository',
      edits: true,
      params: repositoryId,
      body: z.strictObject({
        description: z
          .string()
          .max(longestDescription)
          .describe('Markdown; it is kept as it is. Empty: none.'),
      }),
      answers: {200: {description: 'The repository.', schema: wholeRepositoryAnswer}},
      handle: async ({ctx, asker, params, body}) => {
        const row = await rowOf(options, asker, params.id);
        await requireMay(options, asker, row.name, 'push');
        const isConditional = !['', '*'].includes(ctx.get('If-Match'));
        const before = isConditional ? await shown(asker, row) : undefined;
        if (before) requireExpected(ctx, before);
        const told = {asker, repository: row.name};
        const isWritten = await recording(options, told, async (turn) => {
          const result = await writeDescription(turn, row.name, {
            text: body.description,
            by: accountOf(asker)?.name,
            at: now().getTime(),
            former: before?.description,
          });
          return {result, change: result ? {kind: 'describe'} : undefined};
        });
        if (!isWritten) throw changed();
        return {status: 200, body: await shown(asker, row)};
      },
    }),
    endpoint({
      name: 'repositories-delete',
      method: 'delete',
      path: '/repositories/:id',
      summary: 'Delete a repository with all its tags and manifests',
      description: 'Blobs stay until the garbage collection, and the history of its tags stays.',
      who: 'account',
      limited: true,
      rule: 'Whoever may delete in it.',
      params: repositoryId,
      answers: {204: {description: 'It is gone.'}},
      handle: async ({ctx, asker, params}) => {
        const name = await seenRepository(options, asker, params.id);
        await requireMay(options, asker, name, 'delete');
        const origin = originOf(ctx);
        if (!(await registry.removeRepository(name, origin))) {
          throw new ApiError('unknown', 'there is no such repository');
        }
        ctx.state.log.info({repository: name, actor: origin.actor}, 'repository deleted');
        return {status: 204};
      },
    }),
  ];
}

/** What is no other's is told to admins alone: it says what others hold. */
export async function sizesOf({db, registry}: ContentOptions, asker: Asker, name: RepositoryName) {
  const known = registry.statistics.latest()?.repositories.get(name);
  const size = (await sizeOfRepository(db, name, mostMeasured)) ?? known?.bytes ?? null;
  return {size, exclusive_size: seesAll(asker) ? (known?.exclusive ?? null) : null};
}
