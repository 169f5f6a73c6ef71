/** What the index keeps of the configuration of an image. It is another's text: what is not as the specification has it counts as not there. */
import {z} from 'zod';
import type {Descriptor} from '../../oci/descriptor.ts';
import type {Stores} from '../../storage/stores.ts';

export interface ImageConfig {
  /** `linux/arm64/v8`. */
  readonly platform: string | undefined;
  /** ISO 8601. */
  readonly builtAt: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

const word = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/);
const schema = z.object({
  os: word.optional().catch(undefined),
  architecture: word.optional().catch(undefined),
  variant: word.optional().catch(undefined),
  created: z.string().max(64).optional().catch(undefined),
  config: z
    .object({Labels: z.record(z.string(), z.unknown()).nullish().catch(undefined)})
    .nullish()
    .catch(undefined),
});

const nothing: ImageConfig = {platform: undefined, builtAt: undefined, labels: {}};

/** In bytes. A larger configuration is not looked into. */
const largestConfig = 1024 * 1024;

const runnable: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
]);

/** As JSON, whatever that is; `undefined`: it is not that of an image that can be run (other things have other configurations), or can't be read. */
export async function readRunnableConfig(
  {blobs}: Pick<Stores, 'blobs'>,
  {digest, mediaType, size}: Descriptor,
): Promise<unknown> {
  if (!runnable.has(mediaType) || size > largestConfig) return undefined;
  const content = await blobs.read(digest);
  return content && content.length <= largestConfig ? parse(content) : undefined;
}

export function toImageConfig(json: unknown): ImageConfig {
  const {success, data} = schema.safeParse(json);
  if (!success) return nothing;
  const {os, architecture, variant, created, config} = data;
  const platform =
    os === undefined || architecture === undefined
      ? undefined
      : [os, architecture, variant].filter((part) => part !== undefined).join('/');
  return {
    platform,
    builtAt: isoOf(created),
    labels: boundedStrings(config?.Labels ?? {}),
  };
}

function parse(content: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(content).toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** Nanoseconds and zones become milliseconds of UTC. */
export function isoOf(text: string | undefined): string | undefined {
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

const mostEntries = 200;
const longestKey = 256;
const longestValue = 4096;

/** As much of a map of strings as the index keeps: what has no end has no place in a list. */
export function boundedStrings(
  map: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const entries = Object.entries(map)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .filter(([key]) => key.length <= longestKey)
    .slice(0, mostEntries);
  return Object.fromEntries(
    entries.map(([key, value]) => [storable(key), storable(value.slice(0, longestValue))]),
  );
}

/** As every engine takes it: PostgreSQL has no text with NUL in it. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '');
