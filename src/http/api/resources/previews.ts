/** What would go, and what would stay, before somebody deletes it. */
import {z} from 'zod';
import {sizeOfManifests} from '../../../metadata/content/exclusive-size.ts';
import {countOfRepository} from '../../../metadata/content/repository-counts.ts';
import {previewTagRemoval} from '../../../metadata/content/tag-removal.ts';
import type {ContentOptions} from '../content-options.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {presentHanging, referrersField, sizeFields, sizesFor} from '../present-forecast.ts';
import {requireMay} from '../repository-sight.ts';
import {repositoryId, rowOf, sizesOf} from './repositories.ts';

const mostAtOnce = 100;

const tagsAnswer = z
  .strictObject({
    tags: z
      .array(
        z
          .strictObject({
            name: z.string(),
            digest: z.string().nullable(),
            outcome: z.enum(['deleted', 'unknown']),
          })
          .meta({id: 'TagForecast'}),
      )
      .describe('One for each that was named.'),
    manifests: z
      .array(
        z
          .strictObject({
            digest: z.string(),
            media_type: z.string().nullable(),
            size: z.number().nullable().describe('Of the manifest itself, in bytes.'),
            stays_because: z
              .strictObject({
                tags: z.array(z.string()).describe('That point at it, too; some of them.'),
                referenced_by: z.array(z.string()).describe('Indexes that name it; some of them.'),
              })
              .nullable()
              .describe(
                'Null: nothing leads to it any more. It stays on the disk, and can be pulled by its digest, until a collection takes it.',
              ),
          })
          .meta({id: 'ManifestForecast'}),
      )
      .describe('What the tags point at.'),
    untagged_children: z
      .array(z.string())
      .describe('Digests of parts of those indexes to which nothing leads any more either.'),
    referrers: referrersField.describe(
      'Signatures, SBOMs and the rest that hang on manifests that lose their last tag.',
    ),
    ...sizeFields,
  })
  .meta({id: 'TagsForecast', description: 'What a deletion of tags would do.'});

const repositoryAnswer = z
  .strictObject({
    full_name: z.string(),
    tags_count: z.number(),
    manifests_count: z.number(),
    stars: z.number(),
    comments: z.number(),
    has_description: z.boolean(),
    size: z.number().nullable().describe('Of all that it holds, each blob once; null: not known.'),
    exclusive_size: z
      .number()
      .nullable()
      .describe('Of what no other repository holds; null: not known, or not for this caller.'),
    shared_size: z.number().nullable().describe('Of what others hold too; null as before.'),
  })
  .meta({
    id: 'RepositoryForecast',
    description:
      'What a deletion would take. Blobs stay on the disk until a collection takes them; the history of the tags stays.',
  });

export function previewEndpoints(options: ContentOptions): readonly Endpoint[] {
  const {db} = options;
  return [
    endpoint({
      name: 'tags-delete-preview',
      method: 'post',
      path: '/repositories/:id/tags/preview',
      summary: 'Tell what a deletion of several tags would do',
      description:
        'Tags go at once, and nothing else: a manifest without a tag stays on the disk, and in the lists by digest, until it is collected.',
      who: 'account',
      limited: true,
      rule: 'Whoever may delete in the repository.',
      params: repositoryId,
      body: z.strictObject({tags: z.array(z.string().max(128)).min(1).max(mostAtOnce)}),
      answers: {200: {description: 'What would become of each.', schema: tagsAnswer}},
      handle: async ({asker, params, body}) => {
        const {name} = await rowOf(options, asker, params.id);
        await requireMay(options, asker, name, 'delete');
        const names = [...new Set(body.tags)];
        const found = await previewTagRemoval(db, name, names);
        const forecast = {
          tags: names.map((tag) => {
            const digest = found.tags.get(tag);
            return {name: tag, digest: digest ?? null, outcome: digest ? 'deleted' : 'unknown'};
          }),
          manifests: found.targets.map(({digest, mediaType, size, tags, indexes}) => ({
            digest,
            media_type: mediaType ?? null,
            size: size ?? null,
            stays_because: tags.length + indexes.length > 0 ? {tags, referenced_by: indexes} : null,
          })),
          untagged_children: found.children,
          referrers: found.referrers.map(presentHanging),
          ...sizesFor(options, asker, await sizeOfManifests(db, name, found.left)),
          is_complete: found.isComplete,
        };
        return {status: 200, body: forecast};
      },
    }),
    endpoint({
      name: 'repository-delete-preview',
      method: 'get',
      path: '/repositories/:id/preview',
      summary: 'Tell what a deletion of a repository would take',
      who: 'account',
      limited: true,
      rule: 'Whoever may delete in it.',
      params: repositoryId,
      answers: {200: {description: 'How much of what.', schema: repositoryAnswer}},
      handle: async ({asker, params}) => {
        const {name, tags} = await rowOf(options, asker, params.id);
        await requireMay(options, asker, name, 'delete');
        const {size, exclusive_size: own} = await sizesOf(options, asker, name);
        const known = options.registry.statistics.latest()?.repositories.get(name);
        const counts = await countOfRepository(db, name);
        const body = {
          full_name: name,
          tags_count: tags,
          manifests_count: counts.manifests,
          stars: counts.stars,
          comments: counts.comments,
          has_description: counts.isDescribed,
          size,
          exclusive_size: own,
          shared_size: known && own !== null ? known.bytes - known.exclusive : null,
        };
        return {status: 200, body};
      },
    }),
  ];
}
