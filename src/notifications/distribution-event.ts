/** An event in the form in which Distribution sends it: receivers of that read ours, too. */
import type {Event} from '../metadata/events/event.ts';
import {mediaTypes} from '../oci/media-types.ts';

/** What names this registry to receivers. */
export interface Source {
  /** Host and port. */
  readonly addr: string;
  /** Another one after each start. */
  readonly instanceID: string;
  /** Where clients find it; `undefined`: as each calls it. */
  readonly externalUrl: string | undefined;
}

export interface Reference {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

export const envelopeType = 'application/vnd.docker.distribution.events.v2+json';

/** `action` is one of those that Distribution has: to set a tag is to push a manifest by it. */
export function distributionEvent(
  event: Event,
  source: Source,
  references: readonly Reference[] = [],
): object {
  const {id, at, action, actor, request} = event;
  return {
    id,
    timestamp: new Date(at).toISOString(),
    action: action === 'tag' ? 'push' : action,
    target: targetOf(event, source, references),
    request: request
      ? {
          id: request.id,
          addr: request.address,
          host: request.host,
          method: request.method,
          useragent: request.userAgent,
        }
      : {},
    actor: actor === undefined ? {} : {name: actor},
    source: {addr: source.addr, instanceID: source.instanceID},
  };
}

/** Of what is deleted no more is told than what it was called. */
function targetOf(
  {action, object, repository, digest, tag, mediaType, size, from, request}: Event,
  {externalUrl}: Source,
  references: readonly Reference[],
): object {
  if (action === 'delete') return {...(digest ? {digest} : {}), repository, ...(tag ? {tag} : {})};
  const base = externalUrl?.replace(/\/+$/, '') ?? request?.base ?? '';
  const kind = object === 'blob' ? 'blobs' : 'manifests';
  return {
    mediaType: mediaType ?? mediaTypes.octetStream,
    ...(size === undefined ? {} : {size, length: size}),
    digest,
    repository,
    ...(from ? {fromRepository: from} : {}),
    ...(base === '' || !digest ? {} : {url: `${base}/v2/${repository}/${kind}/${digest}`}),
    ...(tag ? {tag} : {}),
    ...(references.length > 0 ? {references} : {}),
  };
}
