/** Manifests by their digests: those without a tag, too. */
import {isUtf8} from 'node:buffer';
import {z} from 'zod';
import {mostNames, readHeldManifest} from '../../../metadata/content/held-manifest.ts';
import {type ReferrerNode, readReferrerTree} from '../../../metadata/content/referrer-tree.ts';
import {type Digest, isDigest} from '../../../oci/digest.ts';
import type {RepositoryName} from '../../../oci/name.ts';
import {referrerKinds} from '../../../oci/referrer-kind.ts';
import {textIn} from '../../../registry/layers/text-in.ts';
import {registryHost} from '../../sign-in/place.ts';
import {ApiError} from '../api-error.ts';
import type {Asker} from '../asker.ts';
import type {ContentOptions} from '../content-options.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {time, timeOrNull, timeText} from '../fields.ts';
import {detailFields, presentDetails} from '../present-details.ts';
import {authorFor} from '../repository-sight.ts';
import {repositoryId, rowOf} from './repositories.ts';

export const byDigest = repositoryId.extend({
  digest: z.string().min(1).max(256).describe('The digest of the manifest.'),
});

const manifestAnswer = z
  .strictObject({
    repository: z.string(),
    digest: z.string().describe('The sha256.'),
    author: z.string().nullable().describe('Who has pushed it; null without an account.'),
    media_type: z.string(),
    kind: z.string().describe('image, index or artifact.'),
    platform: z.string().nullable(),
    size: z.number().nullable().describe('Of all that a pull of it takes, in bytes.'),
    is_signed: z.boolean().describe('As that of a tag.'),
    pushed_at: time,
    digest_pulls: z.number(),
    pulled_at: time.nullable(),
    tags_count: z.number(),
    tags: z.array(z.string()).describe(`That point at it; up to ${mostNames}, by name.`),
    indexes: z
      .array(z.string())
      .describe(`Digests of those of the repository that name it; up to ${mostNames}.`),
    ...detailFields,
  })
  .meta({id: 'WholeManifest', description: 'A manifest and all of what it names.'});

const rawAnswer = z
  .strictObject({
    digest: z.string(),
    media_type: z.string().nullable(),
    size: z.number().describe('In bytes.'),
    text: z.string().describe('Byte for byte, as UTF-8.'),
  })
  .meta({id: 'RawManifest'});

const configurationAnswer = z
  .strictObject({
    digest: z.string(),
    media_type: z.string(),
    size: z.number().describe('In bytes.'),
    text: z
      .string()
      .nullable()
      .describe('Byte for byte, as UTF-8. Null: it is no text, or larger than 4 MiB.'),
  })
  .meta({id: 'RawConfiguration'});

interface NodeAnswer {
  readonly digest: string;
  readonly media_type: string;
  readonly artifact_type: string | null;
  readonly kind: ReferrerNode['kind'];
  readonly tag: string | null;
  readonly size: number;
  readonly pushed_at: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly referrers: readonly NodeAnswer[];
}

const nodeAnswer: z.ZodType<NodeAnswer> = z
  .strictObject({
    digest: z.string(),
    media_type: z.string(),
    artifact_type: z.string().nullable(),
    kind: z.enum(referrerKinds).describe('What it says it is; nobody has verified it.'),
    tag: z.string().nullable().describe('Of cosign, where it is tied by a tag and no subject.'),
    size: z.number().describe('Of the manifest and of what it names, in bytes.'),
    pushed_at: time,
    annotations: z.record(z.string(), z.string()),
    get referrers() {
      return z.array(nodeAnswer);
    },
  })
  .meta({id: 'ReferrerNode', description: 'What hangs on a manifest, with what hangs on that.'});

const treeAnswer = z
  .strictObject({
    referrers: z.array(nodeAnswer).describe('The newest first.'),
    is_complete: z.boolean().describe('False: there are more than 500, or deeper ones than five.'),
  })
  .meta({id: 'ReferrerTree'});

const presentNode = (node: ReferrerNode): NodeAnswer => ({
  digest: node.digest,
  media_type: node.mediaType,
  artifact_type: node.artifactType ?? null,
  kind: node.kind,
  tag: node.tag ?? null,
  size: node.size,
  pushed_at: timeText(node.pushedAt),
  annotations: node.annotations,
  referrers: node.referrers.map(presentNode),
});

const unknown = (): ApiError => new ApiError('unknown', 'there is no such manifest');

interface Named {
  readonly id: string;
  readonly digest: string;
}

export function manifestEndpoints(options: ContentOptions): readonly Endpoint[] {
  const {db, registry} = options;
  const find = async (
    asker: Asker,
    {id, digest}: Named,
  ): Promise<{readonly name: RepositoryName; readonly digest: Digest}> => {
    const {name} = await rowOf(options, asker, id);
    if (!isDigest(digest)) throw unknown();
    return {name, digest};
  };
  return [
    endpoint({
      name: 'manifest-show',
      method: 'get',
      path: '/repositories/:id/manifests/:digest',
      summary: 'Show a manifest with all of what it names',
      description: 'As a tag that points at it, and the tags that do.',
      who: 'anonymous',
      limited: true,
      params: byDigest,
      answers: {200: {description: 'The manifest.', schema: manifestAnswer}},
      handle: async ({ctx, asker, params}) => {
        const {name, digest} = await find(asker, params);
        const details = await registry.details(name, digest);
        const held = details && (await readHeldManifest(db, name, details.digest));
        if (!held) throw unknown();
        const place = `${registryHost(ctx, options.config.externalUrl)}/${name}`;
        const body = {
          repository: name,
          digest: details.digest,
          author: authorFor(asker, held.pushedBy),
          media_type: details.mediaType,
          kind: details.kind,
          platform: held.platform ?? null,
          size: held.size ?? null,
          is_signed: held.isSigned,
          pushed_at: timeText(held.pushedAt),
          digest_pulls: held.pulls,
          pulled_at: timeOrNull(held.lastPulledAt),
          tags_count: held.tagCount,
          tags: held.tags,
          indexes: held.indexes,
          ...presentDetails(place, details),
        };
        return {status: 200, body};
      },
    }),
    endpoint({
      name: 'manifest-raw',
      method: 'get',
      path: '/repositories/:id/manifests/:digest/raw',
      summary: 'Show the text of a manifest',
      description: 'That is no pull, and is not counted.',
      who: 'anonymous',
      limited: true,
      params: byDigest,
      answers: {200: {description: 'Its text.', schema: rawAnswer}},
      handle: async ({asker, params}) => {
        const {name, digest} = await find(asker, params);
        const stored = await registry.bytesOf(name, digest);
        if (!stored || !isUtf8(stored.content)) throw unknown();
        const {canonical, mediaType = null, content} = stored;
        const text = content.toString();
        const body = {digest: canonical, media_type: mediaType, size: content.length, text};
        return {status: 200, body};
      },
    }),
    endpoint({
      name: 'manifest-configuration',
      method: 'get',
      path: '/repositories/:id/manifests/:digest/configuration',
      summary: 'Show the text of the configuration that a manifest names',
      description:
        'Of an image how it is run, of a Helm chart its Chart.yaml as JSON, of others what their clients make of it. That is no pull.',
      who: 'anonymous',
      limited: true,
      params: byDigest,
      answers: {200: {description: 'Its text.', schema: configurationAnswer}},
      handle: async ({asker, params}) => {
        const {name, digest} = await find(asker, params);
        const found = await registry.configurationOf(name, digest);
        if (!found) throw new ApiError('unknown', 'there is no such manifest, or it has none');
        const {descriptor, content} = found;
        const body = {
          digest: descriptor.digest,
          media_type: descriptor.mediaType,
          size: descriptor.size,
          text: (content && textIn(content, false)) ?? null,
        };
        return {status: 200, body};
      },
    }),
    endpoint({
      name: 'referrers-tree',
      method: 'get',
      path: '/repositories/:id/manifests/:digest/referrers',
      summary: 'Show what hangs on a manifest: signatures, SBOMs, attestations',
      description:
        'By their subject, in whichever way clients have listed them, and by the tags of cosign (`sha256-HEX.sig`, `.att`, `.sbom`); and what hangs on those.',
      who: 'anonymous',
      limited: true,
      params: byDigest,
      answers: {200: {description: 'A tree.', schema: treeAnswer}},
      handle: async ({asker, params}) => {
        const {name, digest} = await find(asker, params);
        const stored = await registry.bytesOf(name, digest);
        if (!stored) throw unknown();
        const {referrers, isComplete} = await readReferrerTree(db, name, stored.canonical);
        const body = {referrers: referrers.map(presentNode), is_complete: isComplete};
        return {status: 200, body};
      },
    }),
  ];
}
