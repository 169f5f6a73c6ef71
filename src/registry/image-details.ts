/** What a person wants to know of the configuration of an image. It is another's text: what is not as the specification has it counts as not there. */
import {z} from 'zod';
import {boundedStrings, isoOf} from './index/image-config.ts';

const longest = 4096;
const most = 1000;

const text = z
  .string()
  .transform((value) => value.slice(0, longest).toWellFormed())
  .nullish()
  .catch(undefined);
const texts = z
  .array(z.string())
  .transform((list) => list.slice(0, most).map((each) => each.slice(0, longest).toWellFormed()))
  .nullish()
  .catch(undefined);
const keys = z.record(z.string(), z.unknown()).nullish().catch(undefined);
const step = z.object({
  created: text,
  created_by: text,
  author: text,
  comment: text,
  empty_layer: z.boolean().nullish().catch(undefined),
});
const schema = z.object({
  created: text,
  author: text,
  os: text,
  architecture: text,
  variant: text,
  config: z
    .object({
      Env: texts,
      Cmd: texts,
      Entrypoint: texts,
      User: text,
      WorkingDir: text,
      StopSignal: text,
      ExposedPorts: keys,
      Volumes: keys,
      Labels: keys,
    })
    .nullish()
    .catch(undefined),
  history: z.array(z.unknown()).nullish().catch(undefined),
});

interface BuildStep {
  /** ISO 8601. */
  readonly created: string | undefined;
  readonly createdBy: string | undefined;
  readonly author: string | undefined;
  readonly comment: string | undefined;
  /** It made no layer. */
  readonly isEmpty: boolean;
}

export interface ImageDetails {
  readonly created: string | undefined;
  readonly author: string | undefined;
  readonly os: string | undefined;
  readonly architecture: string | undefined;
  readonly variant: string | undefined;
  readonly env: readonly string[];
  readonly cmd: readonly string[];
  readonly entrypoint: readonly string[];
  readonly user: string | undefined;
  readonly workingDirectory: string | undefined;
  readonly stopSignal: string | undefined;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly history: readonly BuildStep[];
}

/** `undefined`: it is none. */
export function toImageDetails(json: unknown): ImageDetails | undefined {
  const parsed = schema.safeParse(json);
  if (!parsed.success) return undefined;
  const {config, history, ...rest} = parsed.data;
  return {
    created: isoOf(rest.created ?? undefined),
    author: rest.author ?? undefined,
    os: rest.os ?? undefined,
    architecture: rest.architecture ?? undefined,
    variant: rest.variant ?? undefined,
    env: config?.Env ?? [],
    cmd: config?.Cmd ?? [],
    entrypoint: config?.Entrypoint ?? [],
    user: config?.User ?? undefined,
    workingDirectory: config?.WorkingDir ?? undefined,
    stopSignal: config?.StopSignal ?? undefined,
    ports: keysOf(config?.ExposedPorts),
    volumes: keysOf(config?.Volumes),
    labels: boundedStrings(config?.Labels ?? {}),
    history: (history ?? []).slice(0, most).map(toStep),
  };
}

const keysOf = (map: Readonly<Record<string, unknown>> | null | undefined): readonly string[] =>
  Object.keys(map ?? {})
    .slice(0, most)
    .map((key) => key.slice(0, longest).toWellFormed());

function toStep(given: unknown): BuildStep {
  const {data} = step.safeParse(given);
  return {
    created: isoOf(data?.created ?? undefined),
    createdBy: data?.created_by ?? undefined,
    author: data?.author ?? undefined,
    comment: data?.comment ?? undefined,
    isEmpty: data?.empty_layer === true,
  };
}
