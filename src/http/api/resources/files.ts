/** The files in an image or in one of its layers, without a pull. */
import {z} from 'zod';
import {type Digest, isDigest} from '../../../oci/digest.ts';
import {textIn} from '../../../registry/layers/text-in.ts';
import {ApiError} from '../api-error.ts';
import type {ContentOptions} from '../content-options.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {limitField} from '../pages.ts';
import {
  changeField,
  fileDigest,
  fileFields,
  otherReply,
  presentFacts,
  readingAnswers,
} from '../present-file.ts';
import {seenRepository} from '../repository-sight.ts';
import {repositoryId} from './repositories.ts';

const longestPath = 8192;

const manifestId = repositoryId.extend({
  digest: z.string().max(256).describe('Of the manifest of an image.'),
});
const layer = z
  .string()
  .max(256)
  .optional()
  .describe('The digest of one of its layers: what that alone adds, changes and deletes.');

const entryAnswer = z
  .strictObject({
    name: z.string(),
    ...fileFields,
    layer: z.string().describe('The digest of the layer that has it last.'),
    change: changeField,
    files: z.number().nullable().describe('Of a directory: all below it that is none.'),
    bytes: z.number().nullable().describe('Of a directory: the sizes of all files below it.'),
  })
  .meta({id: 'FileEntry'});

const listAnswer = z
  .strictObject({
    path: z.string(),
    entries: z.array(entryAnswer),
    next: z.string().nullable().describe('The name after which the next part begins.'),
    total: z.number().describe('Entries of the directory.'),
    files: z.number().describe('All below it that is no directory.'),
    bytes: z.number().describe('The sizes of all files below it.'),
    layers: z.number().describe('How many were looked at.'),
  })
  .meta({id: 'FileList', description: 'One directory.'});

const showAnswer = z
  .strictObject({
    path: z.string(),
    ...fileFields,
    layer: z.string().describe('The digest of the layer that has it last.'),
    change: changeField,
    digest: fileDigest,
    is_text: z.boolean().describe('UTF-8, without a NUL.'),
    text: z.string().nullable().describe('As somebody has put it there. Null: it is none.'),
    is_truncated: z.boolean().describe('The text is the first 512 KiB.'),
  })
  .meta({id: 'FileContent'});

export const fileEndpoints = ({registry, ...options}: ContentOptions): readonly Endpoint[] => [
  endpoint({
    name: 'files-list',
    method: 'get',
    path: '/repositories/:id/manifests/:digest/files',
    summary: 'List a directory of an image, or of one of its layers',
    description:
      'As it is after all layers; or of one layer what it adds, changes and deletes. Names and link targets are text of whoever made the image.',
    who: 'anonymous',
    limited: true,
    params: manifestId,
    query: z.strictObject({
      path: z.string().max(longestPath).default('/').describe('The directory.'),
      layer,
      sort: z
        .enum(['name', 'size'], 'must be name or size')
        .default('name')
        .describe('Directories, then the rest, by name; or what takes most bytes first.'),
      after: z.string().max(longestPath).optional().describe('The `next` of the former part.'),
      limit: limitField(1000, 200),
    }),
    answers: {200: {description: 'A part of it.', schema: listAnswer}, ...readingAnswers},
    handle: async ({asker, params, query}) => {
      const name = await seenRepository(options, asker, params.id);
      const digest = requireDigest(params.digest);
      const {path, sort, after, limit} = query;
      const place = {name, digest, layer: query.layer, path};
      const outcome = await registry.files.list(place, {sort, after, limit});
      if (outcome.kind !== 'list') return otherReply(outcome);
      const body = {
        path: outcome.path,
        entries: outcome.entries.map((entry) => ({
          name: entry.name,
          ...presentFacts(entry),
          layer: entry.layer,
          change: entry.change ?? null,
          files: entry.below?.files ?? null,
          bytes: entry.below?.bytes ?? null,
        })),
        next: outcome.next ?? null,
        total: outcome.total,
        files: outcome.files,
        bytes: outcome.bytes,
        layers: outcome.layers,
      };
      return {status: 200, body};
    },
  }),
  endpoint({
    name: 'file-show',
    method: 'get',
    path: '/repositories/:id/manifests/:digest/file',
    summary: 'Show a file of an image, or of one of its layers',
    description: 'A hard link is followed; a symbolic link tells where it leads.',
    who: 'anonymous',
    limited: true,
    params: manifestId,
    query: z.strictObject({path: z.string().max(longestPath), layer}),
    answers: {200: {description: 'The file.', schema: showAnswer}, ...readingAnswers},
    handle: async ({asker, params, query}) => {
      const name = await seenRepository(options, asker, params.id);
      const digest = requireDigest(params.digest);
      const outcome = await registry.files.show({name, digest, ...query, layer: query.layer});
      if (outcome.kind !== 'show') return otherReply(outcome);
      const {file} = outcome;
      const isTruncated = file.content !== undefined && file.content.length < file.size;
      const text = file.content && textIn(file.content, isTruncated);
      const body = {
        path: file.path,
        ...presentFacts(file),
        layer: file.layer,
        change: file.change ?? null,
        digest: file.digest ?? null,
        is_text: text !== undefined,
        text: text ?? null,
        is_truncated: text !== undefined && isTruncated,
      };
      return {status: 200, body};
    },
  }),
];

function requireDigest(text: string): Digest {
  if (!isDigest(text)) throw new ApiError('unknown', 'there is no such manifest');
  return text;
}
