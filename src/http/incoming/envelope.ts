/** An envelope of events as Distribution sends it: what of it is about manifests, tags and repositories. */
import {z} from 'zod';
import {isDigest} from '../../oci/digest.ts';
import {RegistryError} from '../../oci/errors.ts';
import {isJsonMediaType} from '../../oci/media-types.ts';
import {isRepositoryName} from '../../oci/name.ts';
import {isTag} from '../../oci/tag.ts';
import type {Report} from '../../registry/index/reported-changes.ts';

interface Told extends Omit<Report, 'origin' | 'isTold'> {
  readonly actor: string | undefined;
}

interface Envelope {
  readonly told: readonly Told[];
  /** About what is no concern of an index: pulls, mounts, blobs. */
  readonly ignored: number;
  /** That can't be what they say. */
  readonly bad: number;
}

const mostEvents = 1000;
const envelope = z.object({events: z.array(z.unknown())});

/** Go leaves out what is empty, and others need not. */
const maybe = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' || value === null ? undefined : value), schema.optional());

const event = z.object({
  id: maybe(z.string().max(255)),
  action: z.string(),
  target: z.object({
    repository: z.string(),
    digest: maybe(z.string()),
    tag: maybe(z.string()),
    mediaType: maybe(z.string().max(255)),
    size: maybe(z.int().min(0)),
  }),
  actor: maybe(z.object({name: maybe(z.string())})),
});

/** Throws EVENTS_INVALID or EVENTS_TOO_LARGE. */
export function readEnvelope(body: Buffer): Envelope {
  const parsed = envelope.safeParse(parseJson(body));
  if (!parsed.success) throw new RegistryError('EVENTS_INVALID');
  const {events} = parsed.data;
  if (events.length > mostEvents) {
    throw new RegistryError('EVENTS_TOO_LARGE', {message: `send at most ${mostEvents} at a time`});
  }
  const read = events.map(toldIn);
  return {
    told: read.filter((each) => typeof each === 'object'),
    ignored: read.filter((each) => each === 'ignored').length,
    bad: read.filter((each) => each === 'bad').length,
  };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function toldIn(given: unknown): Told | 'ignored' | 'bad' {
  const parsed = event.safeParse(given);
  if (!parsed.success) return 'bad';
  const {id, action, target, actor} = parsed.data;
  if (action !== 'push' && action !== 'delete') return 'ignored';
  const {repository, digest, tag, mediaType, size} = target;
  if (!isRepositoryName(repository)) return 'bad';
  if (digest !== undefined && !isDigest(digest)) return 'bad';
  if (tag !== undefined && !isTag(tag)) return 'bad';
  if (action === 'push') {
    // A push of a blob has no tag, and a media type that is no JSON.
    if (mediaType !== undefined && !isJsonMediaType(mediaType) && !isOldImage(mediaType)) {
      return 'ignored';
    }
    if (digest === undefined) return 'bad';
  }
  const name = actor?.name;
  return {
    id,
    action,
    repository,
    digest,
    tag,
    mediaType,
    size,
    actor: isLine(name) ? name : undefined,
  };
}

/** Of schema 1, signed. */
const isOldImage = (mediaType: string): boolean =>
  mediaType === 'application/vnd.docker.distribution.manifest.v1+prettyjws';

const isLine = (name: string | undefined): boolean =>
  name !== undefined && name.length <= 128 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(name);
