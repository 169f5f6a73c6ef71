/** What two images have in different: layers, configuration, files. */
import {z} from 'zod';
import {isDigest} from '../../../oci/digest.ts';
import {isTag} from '../../../oci/tag.ts';
import {fields} from '../../../registry/layers/configuration-changes.ts';
import {aspects} from '../../../registry/layers/differences.ts';
import type {
  ComparedLayer,
  ImageOfComparison,
  SideOfComparison,
  Wanted,
} from '../../../registry/layers/image-comparison.ts';
import type {FileFacts} from '../../../registry/layers/task.ts';
import {ApiError} from '../api-error.ts';
import type {Asker} from '../asker.ts';
import type {ContentOptions} from '../content-options.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {idText, time} from '../fields.ts';
import {limitField} from '../pages.ts';
import {fileDigest, fileFields, otherReply, presentFacts, readingAnswers} from '../present-file.ts';
import {seenRepository} from '../repository-sight.ts';
import {repositoryId} from './repositories.ts';

const reference = z.string().min(1).max(256);
const sides = z.strictObject({
  from: reference.describe('A tag or a digest.'),
  to: reference.describe('A tag or a digest.'),
  to_repository: idText
    .optional()
    .describe('The id or the name of the repository that has `to`, where that is another.'),
  platform: z
    .string()
    .max(200)
    .optional()
    .describe('Of indexes: as `linux/arm64`; by default the first that both have.'),
});

const side = z
  .strictObject({
    repository: z.string(),
    reference: z.string().describe('As it was asked for.'),
    digest: z.string().describe('Of the manifest of the image.'),
    index: z.string().nullable().describe('The digest of the index that names it.'),
    platform: z.string().nullable(),
    platforms: z.array(z.string()).describe('All that the index has.'),
    size: z.number().describe('Of all that a pull takes, in bytes.'),
    created: time.nullable(),
  })
  .meta({id: 'ComparedImage'});
const layer = z
  .strictObject({
    digest: z.string(),
    media_type: z.string(),
    size: z.number().describe('In bytes.'),
    created_by: z.string().nullable(),
  })
  .meta({id: 'ComparedLayer'});
const comparison = z
  .strictObject({
    from: side,
    to: side,
    layers: z.strictObject({
      common: z.array(layer),
      only_from: z.array(layer),
      only_to: z.array(layer),
    }),
    configuration: z.array(
      z
        .strictObject({
          field: z.enum(fields),
          key: z.string().nullable().describe('The name of a variable, a label, a port.'),
          from: z.string().nullable().describe('Null: it is not there.'),
          to: z.string().nullable().describe('Null: it is not there.'),
        })
        .meta({id: 'ConfigurationChange'}),
    ),
  })
  .meta({id: 'Comparison', description: 'What two images have in different.'});

const facts = z.strictObject({...fileFields, digest: fileDigest}).meta({id: 'FileFacts'});
const changes = z
  .strictObject({
    from: side,
    to: side,
    added: z.number().describe('How many there are in all.'),
    removed: z.number(),
    changed: z.number(),
    added_bytes: z.number().describe('Of files that are added or changed.'),
    removed_bytes: z.number().describe('Of files that are removed or changed.'),
    files: z.array(
      z
        .strictObject({
          path: z.string(),
          change: z.enum(['added', 'removed', 'changed']),
          differs: z.array(z.enum(aspects)).describe('In what; the time does not count.'),
          from: facts.nullable(),
          to: facts.nullable(),
        })
        .meta({id: 'ChangedFile'}),
    ),
    next: z.string().nullable().describe('The path after which the next part begins.'),
  })
  .meta({id: 'FileChanges'});

export function compareEndpoints(options: ContentOptions): readonly Endpoint[] {
  const {registry} = options;
  const find = async (asker: Asker, id: string, query: z.output<typeof sides>) => {
    const from = await seenRepository(options, asker, id);
    const to = query.to_repository;
    const other = to === undefined ? from : await seenRepository(options, asker, to);
    const found = await registry.comparisons.find(
      wantedOf(from, query.from),
      wantedOf(other, query.to),
      query.platform,
    );
    if ('missing' in found) throw new ApiError('unknown', found.missing);
    return {found, compared: registry.comparisons.compare(found)};
  };
  return [
    endpoint({
      name: 'compare',
      method: 'get',
      path: '/repositories/:id/compare',
      summary: 'Compare two images',
      description: 'Their layers, and what their configurations say.',
      who: 'anonymous',
      limited: true,
      params: repositoryId,
      query: sides,
      answers: {200: {description: 'What is different.', schema: comparison}},
      handle: async ({asker, params, query}) => {
        const {compared} = await find(asker, params.id, query);
        const body = {
          from: presentSide(compared.from),
          to: presentSide(compared.to),
          layers: {
            common: compared.common.map(presentLayer),
            only_from: compared.onlyFrom.map(presentLayer),
            only_to: compared.onlyTo.map(presentLayer),
          },
          configuration: compared.configuration.map((change) => ({
            field: change.field,
            key: change.key ?? null,
            from: change.from ?? null,
            to: change.to ?? null,
          })),
        };
        return {status: 200, body};
      },
    }),
    endpoint({
      name: 'compare-files',
      method: 'get',
      path: '/repositories/:id/compare/files',
      summary: 'Compare the files of two images',
      description: 'By path: what is in a directory comes right behind it.',
      who: 'anonymous',
      limited: true,
      params: repositoryId,
      query: sides.extend({
        after: z.string().max(8192).optional().describe('The `next` of the former part.'),
        limit: limitField(1000, 200),
      }),
      answers: {200: {description: 'A part of them.', schema: changes}, ...readingAnswers},
      handle: async ({asker, params, query}) => {
        const {found, compared} = await find(asker, params.id, query);
        const {after, limit} = query;
        const outcome = await registry.files.compare(imageOf(found.from), imageOf(found.to), {
          after,
          limit,
        });
        if (outcome.kind !== 'compare') return otherReply(outcome);
        const body = {
          from: presentSide(compared.from),
          to: presentSide(compared.to),
          added: outcome.added,
          removed: outcome.removed,
          changed: outcome.changed,
          added_bytes: outcome.addedBytes,
          removed_bytes: outcome.removedBytes,
          files: outcome.files.map((file) => ({
            path: file.path,
            change: file.from ? (file.to ? 'changed' : 'removed') : 'added',
            differs: file.aspects,
            from: presentSideOfFile(file.from),
            to: presentSideOfFile(file.to),
          })),
          next: outcome.next ?? null,
        };
        return {status: 200, body};
      },
    }),
  ];
}

function wantedOf(name: Wanted['name'], text: string): Wanted {
  if (isDigest(text)) return {name, reference: {digest: text}};
  if (isTag(text)) return {name, reference: {tag: text}};
  throw new ApiError('unknown', 'there is no such tag or manifest');
}

const imageOf = ({wanted: {name}, details: {digest}}: ImageOfComparison) => ({name, digest});

const presentSide = (of: SideOfComparison) => ({
  repository: of.repository,
  reference: of.reference,
  digest: of.digest,
  index: of.index ?? null,
  platform: of.platform ?? null,
  platforms: of.platforms,
  size: of.size,
  created: of.created ?? null,
});

const presentLayer = (of: ComparedLayer) => ({
  digest: of.digest,
  media_type: of.mediaType,
  size: of.size,
  created_by: of.createdBy ?? null,
});

const presentSideOfFile = (of: FileFacts | undefined) =>
  of ? {...presentFacts(of), digest: of.digest ?? null} : null;
