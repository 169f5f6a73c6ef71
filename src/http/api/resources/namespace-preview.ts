/** What a deletion of a namespace would do, before somebody deletes it. */
import {z} from 'zod';
import type {AdministrationContext} from '../../../auth/administration/context.ts';
import {countMembersOf} from '../../../metadata/namespace-counts.ts';
import {findNamespacesOf} from '../../../metadata/namespaces.ts';
import {parseRepositoryName} from '../../../oci/name.ts';
import {ApiError} from '../api-error.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {idParam} from '../fields.ts';
import {type Counted, presentNamespaces} from '../present-namespace.ts';
import {findNamespaceFor, sightOf} from '../sight.ts';

const forecast = z
  .strictObject({
    name: z.string(),
    repositories_count: z.number().describe('Of those that belong to it: they stay, all of them.'),
    bytes: z.number().nullable().describe('Of what they hold; null: not counted yet.'),
    next_namespace: z
      .string()
      .nullable()
      .describe(
        'To which they belong then, and whose visibility counts. Null: to none, and admins alone see them, until there is a namespace of that name again.',
      ),
    webhooks_count: z
      .number()
      .nullable()
      .describe('They go with it. Null: not for whoever may not see them.'),
    members_count: z
      .number()
      .describe('People of its team, whose tokens of the registry end: clients log in again.'),
    robots_count: z.number().describe('Robots of its team: they stay, and theirs end as well.'),
  })
  .meta({id: 'NamespaceForecast', description: 'What a deletion of a namespace would do.'});

export const namespacePreview = (
  context: AdministrationContext & {readonly counted: Counted},
): Endpoint =>
  endpoint({
    name: 'namespace-delete-preview',
    method: 'get',
    path: '/namespaces/:id/preview',
    summary: 'Tell what a deletion of a namespace would do',
    who: 'person',
    rule: 'Whoever may delete it; that of names without a slash nobody may.',
    params: idParam('The id or the name of the namespace; `/` in a name is `%2F`.'),
    answers: {200: {description: 'What would go, and what would stay.', schema: forecast}},
    handle: async ({asker, params}) => {
      const {db} = context;
      const sight = await sightOf(context, asker);
      const namespace = await findNamespaceFor(context, sight, params.id);
      const [shown] = await presentNamespaces(context, asker, sight, [namespace]);
      if (shown?.updatable !== true || shown.global) {
        throw new ApiError('denied', 'you may not delete it');
      }
      const {name, repositories_count, bytes, webhooks_count} = shown;
      const [outer] = name.includes('/')
        ? await findNamespacesOf(db, parseRepositoryName(name))
        : [];
      const {people, robots} = await countMembersOf(db, namespace.teamId);
      return {
        status: 200,
        body: {
          ...{name, repositories_count, bytes, webhooks_count},
          next_namespace: outer?.name ?? null,
          members_count: people,
          robots_count: robots,
        },
      };
    },
  });
