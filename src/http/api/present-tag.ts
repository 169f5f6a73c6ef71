/** Tags as the API shows them: the fields of Portus, and ours beside them. */
import {z} from 'zod';
import type {TagRow} from '../../metadata/content/tag-pages.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {ManifestDetails} from '../../registry/tag-details.ts';
import {time, timeOrNull, timeText} from './fields.ts';
import type {Asker} from './asker.ts';
import {authorFor, idOf} from './repository-sight.ts';

const bytes = z.number().describe('In bytes.');

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
    tags: z.array(tagAnswer).describe('Up to 100 of them.'),
  })
  .meta({id: 'TagGroup', description: 'Tags that point at the same.'});

const words = z.record(z.string(), z.string());
const part = z
  .strictObject({digest: z.string(), media_type: z.string(), size: bytes})
  .meta({id: 'Part', description: 'What a manifest names.'});

export const wholeTagAnswer = z
  .strictObject({
    ...fields,
    artifact_type: z.string().nullable(),
    annotations: words,
    subject: z.string().nullable(),
    manifest_size: bytes,
    config: part.nullable(),
    layers: z.array(part),
    platforms: z
      .array(
        z
          .strictObject({
            digest: z.string(),
            media_type: z.string(),
            platform: z.string().nullable(),
            size: z.number().nullable().describe('Of all that a pull of it takes, in bytes.'),
            annotations: words,
          })
          .meta({id: 'Platform'}),
      )
      .describe('What an index names.'),
    referrers: z
      .array(
        z
          .strictObject({
            digest: z.string(),
            media_type: z.string(),
            artifact_type: z.string().nullable(),
            size: bytes,
            pushed_at: time,
            annotations: words,
          })
          .meta({id: 'Referrer'}),
      )
      .describe('What has it as its subject: signatures, SBOMs.'),
    history: z
      .array(
        z
          .strictObject({
            created: time.nullable(),
            created_by: z.string().nullable(),
            author: z.string().nullable(),
            comment: z.string().nullable(),
            empty_layer: z.boolean(),
          })
          .meta({id: 'BuildStep'}),
      )
      .describe('How it was built, as its configuration says.'),
    configuration: z
      .strictObject({
        created: time.nullable(),
        author: z.string().nullable(),
        os: z.string().nullable(),
        architecture: z.string().nullable(),
        variant: z.string().nullable(),
        env: z.array(z.string()),
        cmd: z.array(z.string()),
        entrypoint: z.array(z.string()),
        user: z.string().nullable(),
        working_dir: z.string().nullable(),
        stop_signal: z.string().nullable(),
        exposed_ports: z.array(z.string()),
        volumes: z.array(z.string()),
        labels: words,
      })
      .meta({id: 'Configuration'})
      .nullable()
      .describe('Null: it is no image that can be run.'),
    pull_command: z.string(),
    pull_by_digest_command: z.string(),
  })
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
  size: row.size ?? null,
  pushed_at: timeText(row.pushedAt),
  created_at: timeText(row.pushedAt),
  updated_at: timeText(row.pushedAt),
  pulls: row.pulls,
  digest_pulls: row.digestPulls,
  pulled_at: timeOrNull(row.lastPulledAt),
});

/** `host`: as clients have to call the registry. */
export function presentDetails(
  host: string,
  tag: ReturnType<typeof presentTag>,
  details: ManifestDetails,
) {
  const {image} = details;
  return {
    ...tag,
    artifact_type: details.artifactType ?? null,
    annotations: details.annotations,
    subject: details.subject ?? null,
    manifest_size: details.size,
    config: details.config ? presentPart(details.config) : null,
    layers: details.layers.map(presentPart),
    platforms: details.children.map((child) => ({
      digest: child.digest,
      media_type: child.mediaType,
      platform: child.platform ?? null,
      size: child.imageSize ?? null,
      annotations: child.annotations,
    })),
    referrers: details.referrers.map((each) => ({
      digest: each.digest,
      media_type: each.mediaType,
      artifact_type: each.artifactType ?? null,
      size: each.size,
      pushed_at: timeText(each.pushedAt),
      annotations: each.annotations,
    })),
    history: (image?.history ?? []).map((step) => ({
      created: step.created ?? null,
      created_by: step.createdBy ?? null,
      author: step.author ?? null,
      comment: step.comment ?? null,
      empty_layer: step.isEmpty,
    })),
    configuration: image
      ? {
          created: image.created ?? null,
          author: image.author ?? null,
          os: image.os ?? null,
          architecture: image.architecture ?? null,
          variant: image.variant ?? null,
          env: image.env,
          cmd: image.cmd,
          entrypoint: image.entrypoint,
          user: image.user ?? null,
          working_dir: image.workingDirectory ?? null,
          stop_signal: image.stopSignal ?? null,
          exposed_ports: image.ports,
          volumes: image.volumes,
          labels: image.labels,
        }
      : null,
    pull_command: pullCommand(details, `${host}/${tag.repository}`, `:${tag.name}`),
    pull_by_digest_command: pullCommand(details, `${host}/${tag.repository}`, `@${tag.digest}`),
  };
}

const presentPart = ({digest, mediaType, size}: ManifestDetails['layers'][number]) => ({
  digest,
  media_type: mediaType,
  size,
});

const helmConfig = 'application/vnd.cncf.helm.config.v1+json';

/** Names, tags and digests have no sign that a shell takes for anything. */
function pullCommand({image, config, kind}: ManifestDetails, place: string, end: string): string {
  if (config?.mediaType === helmConfig && end.startsWith(':')) {
    return `helm pull oci://${place} --version ${end.slice(1)}`;
  }
  return `${image || kind === 'index' ? 'docker' : 'oras'} pull ${place}${end}`;
}
