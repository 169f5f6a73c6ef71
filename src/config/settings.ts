/** The settings of a schema as a flat list: names of variables, kinds, defaults, secrets. */
import {z} from 'zod';
import {withoutUrlPassword} from './database-url.ts';

export interface Setting {
  /** `http.bodyIdleTimeout` */
  readonly path: string;
  readonly keys: readonly string[];
  /** `HOLDFAST_HTTP_BODY_IDLE_TIMEOUT` */
  readonly variable: string;
  readonly description: string;
  /** How it is written in a variable: a list has commas, a structure is YAML. */
  readonly kind: 'text' | 'boolean' | 'number' | 'list' | 'structure';
  readonly choices?: readonly string[];
  /** The default as one would write it (`30s`, not 30000); absent where there is none. */
  readonly written?: unknown;
  readonly secret: boolean;
  readonly schema: z.ZodType;
}

/** What a schema is below its wrappers, and what the wrappers said. */
interface Bare {
  readonly inner: z.ZodType;
  readonly description: string;
  readonly secret: boolean;
  readonly optional: boolean;
  readonly written?: unknown;
}

/** `z.core` types what wrappers hold more loosely than the classes that it holds. */
function asType(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new TypeError('the configuration schema is not made with zod classic');
}

function below(schema: z.ZodType): z.core.$ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return schema.unwrap();
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) return schema.unwrap();
  if (schema instanceof z.ZodReadonly || schema instanceof z.ZodNonOptional) return schema.unwrap();
  if (schema instanceof z.ZodPipe) {
    return schema.def.in instanceof z.ZodTransform ? schema.def.out : schema.def.in;
  }
  return undefined;
}

export function bare(schema: z.ZodType): Bare {
  const meta = schema.meta();
  const next = below(schema);
  const under: Bare =
    next === undefined
      ? {inner: schema, description: '', secret: false, optional: false}
      : bare(asType(next));
  return {
    ...under,
    description: meta?.description ?? under.description,
    secret: meta?.['secret'] === true || under.secret,
    optional: schema instanceof z.ZodOptional || under.optional,
    ...(schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
      ? {written: schema.def.defaultValue}
      : {}),
  };
}

const scalar = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodString ||
  schema instanceof z.ZodStringFormat ||
  schema instanceof z.ZodEnum;

function kindOf(schema: z.ZodType): Setting['kind'] {
  if (scalar(schema)) return 'text';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodArray && scalar(bare(asType(schema.element)).inner)) return 'list';
  return 'structure';
}

const variableOf = (keys: readonly string[]): string =>
  `HOLDFAST_${keys.map((key) => key.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()).join('_')}`;

/** The sections and settings directly in a mapping's schema. */
export function entriesOf(section: z.ZodObject): [key: string, schema: z.ZodType][] {
  return Object.entries(section.shape).map(([key, schema]) => [key, asType(schema)]);
}

/** Every setting, in the schema's order. A mapping is a section; anything else is one setting. */
export function settingsOf(section: z.ZodObject, above: readonly string[] = []): Setting[] {
  return entriesOf(section).flatMap(([key, schema]) => {
    const keys = [...above, key];
    const {inner, description, secret, ...rest} = bare(schema);
    if (inner instanceof z.ZodObject) return settingsOf(inner, keys);
    return {
      path: keys.join('.'),
      keys,
      variable: variableOf(keys),
      description,
      kind: kindOf(inner),
      secret,
      schema,
      ...('written' in rest ? {written: rest.written} : {}),
      ...(inner instanceof z.ZodEnum ? {choices: inner.options.map(String)} : {}),
    };
  });
}

const hidden = '********';

/** A value with what the schema calls secret replaced, however deep it lies. */
export function withoutSecrets(schema: z.ZodType, value: unknown): unknown {
  if (value === undefined) return value;
  const {inner, secret} = bare(schema);
  if (secret) return hidden;
  if (typeof value === 'string') return withoutUrlPassword(value, hidden);
  if (inner instanceof z.ZodUnion) {
    return inner.options.reduce<unknown>(
      (seen, option) => withoutSecrets(asType(option), seen),
      value,
    );
  }
  if (Array.isArray(value)) {
    return inner instanceof z.ZodArray
      ? value.map((item) => withoutSecrets(asType(inner.element), item))
      : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const of = (key: string): unknown => {
    if (inner instanceof z.ZodRecord) return inner.valueType;
    return inner instanceof z.ZodObject ? inner.shape[key] : undefined;
  };
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => {
      const schemaOfKey = of(key);
      return [key, schemaOfKey === undefined ? item : withoutSecrets(asType(schemaOfKey), item)];
    }),
  );
}
