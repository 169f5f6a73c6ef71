/** Manifests: push, pull, look, delete. */
import {RegistryError} from '../../oci/errors.ts';
import type {Manifest} from '../../oci/manifest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import {isTag, type Tag} from '../../oci/tag.ts';
import {type ManifestHead, type Manifests, readPushed} from '../../registry/manifests.ts';
import {answerEmpty} from '../answer.ts';
import type {Context, Handler} from '../context.ts';
import type {Locate} from '../locations.ts';
import {originOf} from '../origin.ts';
import {nameParameter, queryParameters, referenceParameter} from '../parameters.ts';
import {readBody} from '../request-body.ts';
import {setContentHeaders} from './blobs.ts';
import type {Tell} from './tell.ts';

const mostTags = 100;

/** GET and HEAD. */
export function getManifest(manifests: Manifests, tell: Tell): Handler {
  return async (ctx) => {
    const name = nameParameter(ctx);
    const reference = referenceParameter(ctx);
    const tag = 'tag' in reference ? reference.tag : undefined;
    // The answer does not wait for it.
    const tellPull = async (at: Context, {digest, mediaType, size}: ManifestHead): Promise<void> =>
      tell(
        at,
        {action: 'pull', object: 'manifest', repository: name, digest, mediaType, tag},
        () => size,
      );
    // Who wants no bytes, or may have them already, costs no reading: there may be megabytes.
    if (ctx.method === 'HEAD' || ctx.get('If-None-Match') !== '') {
      const {digest, mediaType, size} = await manifests.look(name, reference);
      setContentHeaders(ctx, digest, mediaType);
      ctx.status = 200;
      if (ctx.fresh) answerEmpty(ctx, 304);
      else ctx.length = size;
      if (ctx.method === 'HEAD' || ctx.status === 304) {
        void tellPull(ctx, {digest, mediaType, size});
        return;
      }
    }
    const manifest = await manifests.get(name, reference);
    void tellPull(ctx, manifest);
    setContentHeaders(ctx, manifest.digest, manifest.mediaType);
    ctx.status = 200;
    ctx.body = manifest.content;
  };
}

export type PermitManifest = (
  ctx: Context,
  name: RepositoryName,
  manifest: Manifest,
) => Promise<void>;

interface PutManifestOptions {
  readonly manifests: Manifests;
  /** Throws where this one must not be put; whether any may be is known before its body is read. */
  readonly permit: PermitManifest;
  readonly locate: Locate;
  readonly maxBytes: number;
  /** In milliseconds. */
  readonly idleTimeout: number;
}

export function putManifest(options: PutManifestOptions): Handler {
  const {manifests, permit, locate, maxBytes, idleTimeout} = options;
  return async (ctx) => {
    const name = nameParameter(ctx);
    const reference = referenceParameter(ctx, 'MANIFEST_INVALID');
    const tags = readTags(ctx);
    if ('tag' in reference && tags.length > 0) {
      throw new RegistryError('MANIFEST_INVALID', {
        message: '?tag= goes with a digest; this manifest is put by a tag',
      });
    }
    const tooLarge = new RegistryError('MANIFEST_TOO_LARGE', {
      message: `a manifest may have ${maxBytes} bytes at most`,
    });
    const content = await readBody(ctx, {maxBytes, idleTimeout, tooLarge});
    const contentType = ctx.get('Content-Type') || undefined;
    const pushed = readPushed(reference, content, contentType);
    await permit(ctx, name, pushed.manifest);
    await manifests.put(name, pushed, {
      tags: 'tag' in reference ? [reference.tag] : tags,
      origin: originOf(ctx),
    });
    const {digest, manifest} = pushed;
    answerEmpty(ctx, 201, {
      Location: locate(ctx, `/v2/${name}/manifests/${digest}`),
      'Docker-Content-Digest': digest,
      ...(manifest.subject ? {'OCI-Subject': manifest.subject.digest} : {}),
      ...(tags.length > 0 ? {'OCI-Tag': [...tags]} : {}),
    });
  };
}

export function deleteManifest(manifests: Manifests): Handler {
  return async (ctx) => {
    await manifests.delete(nameParameter(ctx), referenceParameter(ctx), originOf(ctx));
    answerEmpty(ctx, 202);
  };
}

function readTags(ctx: Context): readonly Tag[] {
  const texts = queryParameters(ctx, 'tag');
  if (texts.length > mostTags) {
    throw new RegistryError('TOO_MANY_TAGS', {message: `at most ${mostTags} tags in one request`});
  }
  return texts.map((text) => {
    if (isTag(text)) return text;
    throw new RegistryError('MANIFEST_INVALID', {
      message: 'a tag has up to 128 of A-Z a-z 0-9 _ . - and begins with neither . nor -',
      detail: {tag: text.slice(0, 200)},
    });
  });
}
