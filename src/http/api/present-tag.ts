/** Tags as the API shows them: the fields of Portus, and ours beside them. */
import {z} from 'zod';
import {mostPlatforms} from '../../metadata/content/platforms.ts';
import type {TagRow} from '../../metadata/content/tag-pages.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {ManifestDetails} from '../../registry/tag-details.ts';
import type {Asker} from './asker.ts';
import {time, timeOrNull, timeText} from './fields.ts';
import {detailFields, presentDetails, pullCommand} from './present-details.ts';
import {authorFor, idOf} from './repository-sight.ts';

const fields = {
  id: z.string().describe('The id of the repository, a colon and the tag.'),
  name: z.string(),
  repository: z.string(),
  digest: z.string().describe('The sha256 of what it points at.'),
  image_id: z.string().nullable().describe('As `digest` without `sha256:`, for clients of Portus.'),
  author: z
    .string()
    .nullable()
    .describe('Who has pushed it, as far as that is known; null without an account.'),
  media_type: z.string().nullable(),
  kind: z.string().nullable().describe('image, index or artifact.'),
  platform: z.string().nullable(),
  platforms: z
    .array(z.string())
    .describe(`Of an index those of its children; up to ${mostPlatforms}.`),
  is_signed: z
    .boolean()
    .describe('A signature of cosign, Sigstore or notation hangs on it; nobody has verified it.'),
  size: z.number().nullable().describe('Of all that a pull of it takes, in bytes.'),
  pushed_at: time,
  created_at: time.describe('As `pushed_at`, for clients of Portus.'),
  updated_at: time,
  pulls: z.number().describe('By this tag.'),
  digest_pulls: z.number().describe('By its digest, whether through a tag or not.'),
  pulled_at: time
    .nullable()
    .describe('When it was pulled last: clients look a tag up, and then pull by its digest.'),
};

export const tagAnswer = z.strictObject(fields).meta({id: 'Tag', description: 'A tag.'});

export const tagGroupAnswer = z
  .strictObject({
    digest: z.string(),
    pushed_at: time,
    tags_count: z.number(),
    is_signed: z.boolean(),
    platforms: z.array(z.string()),
    tags: z.array(tagAnswer).describe('Up to 100 of them.'),
  })
  .meta({id: 'TagGroup', description: 'Tags that point at the same.'});

export const wholeTagAnswer = z
  .strictObject({...fields, ...detailFields, pull_command: z.string()})
  .meta({id: 'WholeTag', description: 'A tag and all of what it points at.'});

export const presentTag = (asker: Asker, repository: RepositoryName, row: TagRow) => ({
  id: `${idOf(repository)}:${row.name}`,
  name: row.name,
  repository,
  digest: row.digest,
  image_id: row.digest.slice(row.digest.indexOf(':') + 1),
  author: authorFor(asker, row.pushedBy),
  media_type: row.mediaType ?? null,
  kind: row.kind ?? null,
  platform: row.platform ?? null,
  platforms: row.platforms,
  is_signed: row.isSigned,
  size: row.size ?? null,
  pushed_at: timeText(row.pushedAt),
  created_at: timeText(row.pushedAt),
  updated_at: timeText(row.pushedAt),
  pulls: row.pulls,
  digest_pulls: row.digestPulls,
  pulled_at: timeOrNull(row.lastPulledAt),
});

/** `host`: as clients have to call the registry. */
export function presentWholeTag(
  host: string,
  tag: ReturnType<typeof presentTag>,
  details: ManifestDetails,
) {
  const place = `${host}/${tag.repository}`;
  return {
    ...tag,
    ...presentDetails(place, details),
    pull_command: pullCommand(details, place, `:${tag.name}`),
  };
}
