/** The one shape in which the API tells what is wrong: ours, and beside it the `message` that clients of Portus read. */
import {z} from 'zod';
import type {ApiError} from './api-error.ts';
import {apiErrors} from './api-error.ts';

export const errorAnswer = z
  .strictObject({
    errors: z.array(
      z.strictObject({
        code: z.string().describe('A word for programs; it does not change.'),
        message: z.string().describe('A sentence for people: what is wrong, and what to do.'),
        field: z.string().optional().describe('Which field or parameter it is about.'),
      }),
    ),
    message: z
      .union([z.string(), z.record(z.string(), z.array(z.string()))])
      .describe('The same for clients of Portus: a sentence, or sentences by field.'),
  })
  .meta({id: 'Error', description: 'What is wrong.'});

export function errorBody({code, faults}: ApiError): z.output<typeof errorAnswer> {
  return {
    errors: faults.map(({message, field}) => ({
      code,
      message: field === undefined ? message : `${field} ${message}`,
      ...(field === undefined ? {} : {field}),
    })),
    message: byField(faults) ?? faults.map(({message}) => message).join('; '),
  };
}

export const statusOf = ({code}: ApiError): number => apiErrors[code];

/** `undefined`: it is about no field. */
function byField(faults: ApiError['faults']): Record<string, string[]> | undefined {
  if (faults.every(({field}) => field === undefined)) return undefined;
  const fields = new Map<string, string[]>();
  for (const {field = 'base', message} of faults) {
    fields.set(field, [...(fields.get(field) ?? []), message]);
  }
  // Not a literal that is filled: a field may be called `__proto__`.
  return Object.fromEntries(fields);
}
