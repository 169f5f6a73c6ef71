/** All there is to know of a manifest, as the API shows it, whatever it was asked for by. */
import {z} from 'zod';
import {referrerKind, referrerKinds} from '../../oci/referrer-kind.ts';
import type {ManifestDetails} from '../../registry/tag-details.ts';
import {time, timeText} from './fields.ts';

const bytes = z.number().describe('In bytes.');
const words = z.record(z.string(), z.string());
const part = z
  .strictObject({digest: z.string(), media_type: z.string(), size: bytes, annotations: words})
  .meta({id: 'Part', description: 'What a manifest names.'});

export const detailFields = {
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
          kind: z.enum(referrerKinds),
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
  pull_by_digest_command: z.string(),
};

/** `place`: the host, as clients have to call it, and the repository. */
export function presentDetails(place: string, details: ManifestDetails) {
  const {image} = details;
  return {
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
      kind: referrerKind(each.artifactType, each.annotations),
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
    pull_by_digest_command: pullCommand(details, place, `@${details.digest}`),
  };
}

const presentPart = ({
  digest,
  mediaType,
  size,
  annotations,
}: ManifestDetails['layers'][number]) => ({
  digest,
  media_type: mediaType,
  size,
  annotations,
});

const helmConfig = 'application/vnd.cncf.helm.config.v1+json';

/** `place`: host and repository. Names, tags and digests have no sign that a shell takes for anything. */
export function pullCommand(
  {image, config, kind}: ManifestDetails,
  place: string,
  end: string,
): string {
  if (config?.mediaType === helmConfig && end.startsWith(':')) {
    return `helm pull oci://${place} --version ${end.slice(1)}`;
  }
  return `${image || kind === 'index' ? 'docker' : 'oras'} pull ${place}${end}`;
}
