/** What a registry has to know of manifests, tags and referrers, in memory. */
import assert from 'node:assert/strict';
import type {Content} from '../support/content.ts';
import {type RawAnswer, rawRequest} from '../support/raw-request.ts';
import type {Real} from './upload-model.ts';

export interface Pushed extends Content {
  readonly mediaType: string;
  readonly subject: string | undefined;
  readonly artifactType: string | undefined;
}

export interface ManifestModel {
  /** Of this run alone. */
  readonly name: string;
  /** All that were ever pushed, whether they are still there or not. */
  readonly pushed: Pushed[];
  /** The digests by which the repository holds them. */
  readonly revisions: Map<string, Pushed>;
  readonly tags: Map<string, string>;
  /** The digests by which each referrer was pushed, and its subject. */
  readonly referrers: Map<string, string>;
  manifests: number;
}

export const newManifestModel = (name: string): ManifestModel => ({
  name,
  pushed: [],
  revisions: new Map(),
  tags: new Map(),
  referrers: new Map(),
  manifests: 0,
});

export function addManifest(
  model: ManifestModel,
  manifest: Pushed,
  digest: string,
  tags: readonly string[],
): void {
  if (!model.pushed.includes(manifest)) model.pushed.push(manifest);
  model.revisions.set(manifest.digest, manifest).set(digest, manifest);
  for (const tag of tags) model.tags.set(tag, digest);
  if (manifest.subject !== undefined) model.referrers.set(digest, manifest.subject);
}

export function removeManifest(model: ManifestModel, {digest, sha512}: Pushed): void {
  for (const each of [digest, sha512]) {
    model.revisions.delete(each);
    model.referrers.delete(each);
    for (const [tag, target] of model.tags) if (target === each) model.tags.delete(tag);
  }
}

/** The repository is there as long as it holds anything. */
export const exists = ({revisions}: ManifestModel): boolean => revisions.size > 0;

export async function ask(
  {server}: Real,
  method: string,
  path: string,
  manifest?: Pushed,
): Promise<RawAnswer> {
  if (!manifest) return rawRequest(server, {method, path});
  const headers = {'Content-Type': manifest.mediaType};
  return rawRequest(server, {method, path, headers, body: manifest.bytes});
}

/** Follows the pages of a list to their end; no page is longer than asked for. */
export async function allPages<T>(
  real: Real,
  path: string,
  size: number,
  itemsOf: (body: unknown) => readonly T[],
): Promise<readonly T[]> {
  const items: T[] = [];
  const glue = path.includes('?') ? '&' : '?';
  for (let next: string | undefined = `${path}${glue}n=${size}`; next !== undefined;) {
    const {status, headers, body}: RawAnswer = await ask(real, 'GET', next);
    assert.equal(status, 200);
    const page = itemsOf(JSON.parse(body.toString()));
    assert.ok(page.length <= size);
    items.push(...page);
    const link: string | undefined = headers['link']?.toString();
    next = link === undefined ? undefined : /^<(.+)>; rel="next"$/.exec(link)?.[1];
    assert.ok(next === undefined || page.length > 0);
  }
  return items;
}
