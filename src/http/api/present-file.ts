/** Files of images as the API shows them: their names are text of whoever made the image. */
import {z} from 'zod';
import {kinds} from '../../registry/layers/entry.ts';
import type {FileFacts, Outcome} from '../../registry/layers/task.ts';
import {ApiError} from './api-error.ts';
import {errorAnswer} from './error-answer.ts';
import type {Reply} from './endpoint.ts';
import {time} from './fields.ts';

const bytes = z.number().describe('In bytes.');

export const fileFields = {
  kind: z.enum(kinds),
  size: z.number().describe('In bytes; of a hard link that of the file, of a directory 0.'),
  mode: z.number().describe('The lower twelve bits: 493 is 0755.'),
  uid: z.number(),
  gid: z.number(),
  modified_at: time.nullable(),
  target: z.string().nullable().describe('Of a link.'),
};

export const fileDigest = z.string().nullable().describe('The sha256 of what is in it.');

export const changeField = z
  .enum(['added', 'changed', 'deleted'])
  .nullable()
  .describe(
    'Against the layers below; null: nothing but what is in it, or all layers are looked at.',
  );

export const presentFacts = (facts: FileFacts) => ({
  kind: facts.kind,
  size: facts.size,
  mode: facts.mode,
  uid: facts.uid,
  gid: facts.gid,
  modified_at: facts.modifiedAt ?? null,
  target: facts.target ?? null,
});

const readingAnswer = z
  .strictObject({
    state: z.literal('reading'),
    read_bytes: bytes,
    total_bytes: bytes.describe('Of all layers, as they are stored.'),
  })
  .meta({id: 'Reading', description: 'How far layers are read.'});

/** Beside 200. */
export const readingAnswers = {
  202: {
    description: 'Layers are read for the first time: ask again in a second.',
    schema: readingAnswer,
  },
  409: {
    description: 'A layer, or what was asked for, is nothing of which files can be shown.',
    schema: errorAnswer,
  },
} as const;

type Other = Extract<Outcome, {readonly kind: 'reading' | 'unknown' | 'refused'}>;

/** Throws an ApiError, unless it is still read. */
export function otherReply(outcome: Other): Reply {
  if (outcome.kind === 'unknown') throw new ApiError('unknown', outcome.message);
  if (outcome.kind === 'refused') throw new ApiError('refused', outcome.message);
  return {
    status: 202,
    headers: {'Retry-After': '1'},
    body: {state: 'reading', read_bytes: outcome.read, total_bytes: outcome.total},
  };
}
