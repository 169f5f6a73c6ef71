/** The deletion of a manifest, and what it would do. */
import {z} from 'zod';
import {sizeOfManifests} from '../../../metadata/content/exclusive-size.ts';
import {mostNames} from '../../../metadata/content/held-manifest.ts';
import {previewManifestRemoval} from '../../../metadata/content/manifest-removal.ts';
import {type Digest, isDigest} from '../../../oci/digest.ts';
import {RegistryError} from '../../../oci/errors.ts';
import type {RepositoryName} from '../../../oci/name.ts';
import {originOf} from '../../origin.ts';
import {ApiError} from '../api-error.ts';
import type {Asker} from '../asker.ts';
import type {ContentOptions} from '../content-options.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {presentHanging, referrersField, sizeFields, sizesFor} from '../present-forecast.ts';
import {requireMay, seenRepository} from '../repository-sight.ts';
import {byDigest} from './manifests.ts';

const forecastAnswer = z
  .strictObject({
    digest: z.string(),
    tags_count: z.number(),
    tags: z.array(z.string()).describe(`That go with it; up to ${mostNames}, by name.`),
    indexes: z
      .array(z.string())
      .describe(
        `Digests of indexes that stay and name it, which clients then fail to pull a part of; up to ${mostNames}.`,
      ),
    untagged_children: z
      .array(z.string())
      .describe('Digests of its parts to which nothing else leads; they stay on the disk.'),
    referrers: referrersField.describe('Signatures, SBOMs and the rest that hang on it.'),
    ...sizeFields,
  })
  .meta({id: 'ManifestRemoval', description: 'What the deletion of a manifest would do.'});

const unknown = (): ApiError => new ApiError('unknown', 'there is no such manifest');

export function manifestRemovalEndpoints(options: ContentOptions): readonly Endpoint[] {
  const {db, registry} = options;
  const find = async (
    asker: Asker,
    {id, digest}: z.output<typeof byDigest>,
  ): Promise<{readonly name: RepositoryName; readonly digest: Digest}> => {
    const name = await seenRepository(options, asker, id);
    await requireMay(options, asker, name, 'delete');
    if (!isDigest(digest)) throw unknown();
    return {name, digest};
  };
  return [
    endpoint({
      name: 'manifest-remove-preview',
      method: 'get',
      path: '/repositories/:id/manifests/:digest/preview',
      summary: 'Tell what a deletion of a manifest would do',
      who: 'account',
      limited: true,
      rule: 'Whoever may delete in the repository.',
      params: byDigest,
      answers: {200: {description: 'What goes with it.', schema: forecastAnswer}},
      handle: async ({asker, params}) => {
        const {name, digest} = await find(asker, params);
        const canonical = (await registry.bytesOf(name, digest))?.canonical ?? digest;
        const found = await previewManifestRemoval(db, name, canonical);
        if (!found) throw unknown();
        const body = {
          digest: canonical,
          tags_count: found.tagCount,
          tags: found.tags,
          indexes: found.indexes,
          untagged_children: found.children,
          referrers: found.referrers.map(presentHanging),
          ...sizesFor(options, asker, await sizeOfManifests(db, name, found.left)),
          is_complete: found.isComplete,
        };
        return {status: 200, body};
      },
    }),
    endpoint({
      name: 'manifest-remove',
      method: 'delete',
      path: '/repositories/:id/manifests/:digest',
      summary: 'Delete a manifest with all tags that point at it',
      who: 'account',
      limited: true,
      rule: 'Whoever may delete in the repository.',
      params: byDigest,
      answers: {204: {description: 'It is gone.'}},
      handle: async ({ctx, asker, params}) => {
        const {name, digest} = await find(asker, params);
        try {
          await registry.manifests.delete(name, {digest}, originOf(ctx));
        } catch (error) {
          if (error instanceof RegistryError && error.status === 404) throw unknown();
          throw error;
        }
        ctx.state.log.info({repository: name, digest}, 'manifest deleted');
        return {status: 204};
      },
    }),
  ];
}
