/** Manifests: what the registry reads in them. Their bytes are kept as they came. */
import {z} from 'zod';
import {listOf, mostFaults, stringMap} from './bounded-check.ts';
import {type Descriptor, descriptorSchema} from './descriptor.ts';
import {RegistryError} from './errors.ts';
import {
  bareMediaType,
  isForeignLayer,
  isJsonMediaType,
  isSchema1,
  manifestKind,
  type ManifestKind,
  mediaTypes,
} from './media-types.ts';
import {parseStrictJson, StrictJsonError} from './strict-json.ts';

/** What the JSON alone says it is, in so many words that a header may carry, or by its fields. */
export interface InherentMediaType {
  readonly mediaType: string;
  readonly isStated: boolean;
}

export interface Manifest {
  readonly kind: ManifestKind;
  readonly mediaType: string;
  /** What is read without the media type that it came with. */
  readonly inherent: InherentMediaType;
  /** Of an image. It is among the blobs. */
  readonly config: Descriptor | undefined;
  /** Blobs the repository must hold: config and layers, without the foreign ones. */
  readonly blobs: readonly Descriptor[];
  /** Of an image, the lowest first, foreign ones too. */
  readonly layers: readonly Descriptor[];
  /** Manifests of an index. */
  readonly children: readonly Descriptor[];
  readonly subject: Descriptor | undefined;
  /** What a referrers list says of it; a list of an image says its config's media type where it has none of its own. */
  readonly artifactType: string | undefined;
  readonly annotations: Readonly<Record<string, string>> | undefined;
}

const common = {
  mediaType: z.string().optional(),
  // Empty counts as missing.
  artifactType: z
    .string()
    .transform((type) => (type === '' ? undefined : type))
    .optional(),
  subject: descriptorSchema.nullish(),
  annotations: stringMap.nullish(),
};
const schemas = {
  image: z.object({
    ...common,
    schemaVersion: z.literal(2),
    config: descriptorSchema,
    layers: listOf(descriptorSchema),
  }),
  index: z.object({
    ...common,
    schemaVersion: z.literal(2),
    manifests: listOf(descriptorSchema),
  }),
  artifact: z.object(common),
};
const envelope = z.object({
  mediaType: z.string().optional(),
  schemaVersion: z.unknown().optional(),
  config: z.unknown().optional(),
  layers: z.unknown().optional(),
  manifests: z.unknown().optional(),
});

const empty = {config: undefined, blobs: [], layers: [], children: []} as const;

/** Reads a manifest; without a content type the JSON itself says what it is. Throws MANIFEST_INVALID, naming each place that is wrong. */
export function parseManifest(content: Uint8Array, contentType?: string): Manifest {
  const json = parseJson(content);
  const outside = check(envelope, json);
  const mediaType = decideMediaType(outside, contentType && bareMediaType(contentType));
  const kind = manifestKind(mediaType);
  const what = {kind, mediaType, inherent: inherentIn(outside)} as const;
  switch (kind) {
    case 'image': {
      const {config, layers, ...rest} = check(schemas.image, json);
      const blobs = [config, ...layers].filter(
        ({mediaType: type, urls}) => !(isForeignLayer(type) && urls && urls.length > 0),
      );
      const artifactType = rest.artifactType ?? config.mediaType;
      return {...what, config, blobs, layers, children: [], ...shared({...rest, artifactType})};
    }
    case 'index': {
      const {manifests, ...rest} = check(schemas.index, json);
      return {...what, ...empty, children: manifests, ...shared(rest)};
    }
    case 'artifact':
      return {...what, ...empty, ...shared(check(schemas.artifact, json))};
  }
}

/** A manifest that lies on the disk; one that another registry stored need not pass our checks: `undefined`. */
export function readManifest(content: Uint8Array, contentType?: string): Manifest | undefined {
  try {
    return parseManifest(content, contentType);
  } catch (error) {
    if (error instanceof RegistryError) return undefined;
    throw error;
  }
}

/** `undefined`: it is no JSON object. */
export function inherentMediaType(content: Uint8Array): InherentMediaType | undefined {
  try {
    return inherentIn(check(envelope, parseJson(content)));
  } catch (error) {
    if (error instanceof RegistryError) return undefined;
    throw error;
  }
}

function inherentIn(json: z.infer<typeof envelope>): InherentMediaType {
  const stated = json.mediaType && bareMediaType(json.mediaType);
  return stated && isJsonMediaType(stated)
    ? {mediaType: stated, isStated: true}
    : {mediaType: guessMediaType(json), isStated: false};
}

function shared(manifest: z.infer<typeof schemas.artifact>) {
  return {
    subject: manifest.subject ?? undefined,
    artifactType: manifest.artifactType,
    annotations: manifest.annotations ?? undefined,
  };
}

function decideMediaType(json: z.infer<typeof envelope>, contentType: string | undefined): string {
  const inside = json.mediaType && bareMediaType(json.mediaType);
  const mediaType = contentType ?? inside ?? guessMediaType(json);
  if (isSchema1(mediaType) || json.schemaVersion === 1) {
    throw invalid(
      'Docker image manifest version 2, schema 1 is not supported: push it again with a client of 2017 or later',
    );
  }
  if (!isJsonMediaType(mediaType)) {
    throw invalid('the Content-Type of a manifest must be application/json or application/*+json');
  }
  if (inside !== undefined && inside !== mediaType) {
    throw invalid(`the manifest says mediaType ${shown(inside)}, the Content-Type is ${mediaType}`);
  }
  return mediaType;
}

function guessMediaType(json: z.infer<typeof envelope>): string {
  if (json.manifests !== undefined) return mediaTypes.ociIndex;
  if (json.config !== undefined || json.layers !== undefined) return mediaTypes.ociManifest;
  return 'application/json';
}

function parseJson(content: Uint8Array): unknown {
  try {
    return parseStrictJson(content);
  } catch (error) {
    if (error instanceof StrictJsonError) throw invalid(error.message);
    throw error;
  }
}

function check<T>(schema: z.ZodType<T>, json: unknown): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new RegistryError(
    'MANIFEST_INVALID',
    result.error.issues.slice(0, mostFaults).map(({path, message}) => ({
      message: shown(`${path.length === 0 ? 'the manifest' : path.join('.')}: ${message}`),
      detail: {path: shown(path.join('.'))},
    })),
  );
}

/** As much of a text of the client's as an answer repeats. */
const shown = (text: string): string => text.slice(0, 300);

const invalid = (message: string): RegistryError =>
  new RegistryError('MANIFEST_INVALID', {message});
