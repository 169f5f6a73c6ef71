/** The fields of a schema as rows that people read. */
import {z} from 'zod';

export interface FieldRow {
  readonly name: string;
  /** `text`, `yes or no`, `a, b or c`. */
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
}

interface Property {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: string | number | boolean | null;
  readonly anyOf?: readonly Property[];
  readonly description?: string;
}

/** Empty: it has none by name. */
export function fieldRows(schema: z.ZodType, io: 'input' | 'output'): readonly FieldRow[] {
  const {properties = {}, required = []} = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
  }) as {
    readonly properties?: Readonly<Record<string, Property>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: typeOf(property),
    isRequired: io === 'input' && required.includes(name),
    description: property.description ?? '',
  }));
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  integer: 'a number',
  number: 'a number',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

function typeOf({type, enum: values, const: value, anyOf}: Property): string {
  if (values) return values.map(String).join(' | ');
  if (value !== undefined) return String(value);
  if (anyOf) return [...new Set(anyOf.map(typeOf))].filter((each) => each !== '').join(' | ');
  const types = typeof type === 'string' ? [type] : (type ?? []);
  return types.map((each) => words[each] ?? each).join(' | ');
}
