/** Lists, page by page: tags, referrers, the catalogue. */
import {nextLink} from '../../oci/link-header.ts';
import {mediaTypes} from '../../oci/media-types.ts';
import type {Catalog} from '../../registry/catalog.ts';
import {parsePageSize} from '../../registry/page.ts';
import type {Referrers} from '../../registry/referrers.ts';
import type {Tags} from '../../registry/tags.ts';
import type {Context, Handler} from '../context.ts';
import type {Guard} from '../guard/guard.ts';
import type {Locate} from '../locations.ts';
import {requestSignal} from '../request-signal.ts';
import {digestParameter, nameParameter, queryParameter} from '../parameters.ts';

export function listTags(tags: Tags, locate: Locate): Handler {
  return async (ctx) => {
    const name = nameParameter(ctx);
    const query = readPageQuery(ctx);
    const {items, last} = await tags.list(name, query);
    setNext(ctx, locate, `/v2/${name}/tags/list`, {n: query.size, last});
    answerJson(ctx, 'application/json', {name, tags: items});
  };
}

export function listRepositories(
  catalog: Catalog,
  visible: Guard['visible'],
  locate: Locate,
): Handler {
  return async (ctx) => {
    const query = readPageQuery(ctx);
    const seen = await visible(ctx);
    const signal = requestSignal(ctx);
    const {items, last} =
      seen === 'none'
        ? {items: [], last: undefined}
        : await catalog.list({
            ...query,
            isVisible: seen?.has,
            namespaces: seen?.namespaces,
            signal,
          });
    setNext(ctx, locate, '/v2/_catalog', {n: query.size ?? items.length, last});
    answerJson(ctx, 'application/json', {repositories: items});
  };
}

export function listReferrers(referrers: Referrers, locate: Locate): Handler {
  return async (ctx) => {
    const name = nameParameter(ctx);
    const subject = digestParameter(ctx);
    const query = {...readPageQuery(ctx), artifactType: queryParameter(ctx, 'artifactType')};
    const {items, last} = await referrers.list(name, subject, query);
    const {size: n, artifactType} = query;
    setNext(ctx, locate, `/v2/${name}/referrers/${subject}`, {n, artifactType, last});
    if (artifactType !== undefined) ctx.set('OCI-Filters-Applied', 'artifactType');
    answerJson(ctx, mediaTypes.ociIndex, {
      schemaVersion: 2,
      mediaType: mediaTypes.ociIndex,
      manifests: items,
    });
  };
}

function readPageQuery(ctx: Context) {
  return {size: parsePageSize(queryParameter(ctx, 'n')), after: queryParameter(ctx, 'last')};
}

/** Only where more follows, which `last` tells. */
function setNext(
  ctx: Context,
  locate: Locate,
  path: string,
  query: Readonly<Record<string, string | number | undefined>>,
): void {
  if (query['last'] === undefined) return;
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  ctx.set('Link', nextLink(locate(ctx, path), Object.fromEntries(given)));
}

function answerJson(ctx: Context, mediaType: string, value: unknown): void {
  ctx.set('Content-Type', mediaType);
  ctx.body = Buffer.from(JSON.stringify(value));
}
