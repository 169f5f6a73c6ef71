/** Operations on the index of content. */
import {z} from 'zod';
import type {IndexContext, IndexStatus} from './context.ts';
import {time} from './fields.ts';
import {contentChange, question} from './operation.ts';

const count = z.number();
const comparison = z.object({
  repositories: count,
  expected: count.optional(),
  tags: count,
  manifests: count,
  gone: count,
});
const output = z.object({
  state: z.enum(['complete', 'building']),
  startedAt: time.optional(),
  finishedAt: time.optional(),
  repositories: count,
  openChanges: count,
  running: comparison.optional(),
  last: comparison.optional(),
  problem: z.string().optional(),
});

export type IndexAnswer = z.output<typeof output>;

const toIndexAnswer = (status: IndexStatus): IndexAnswer => ({
  state: status.isComplete ? 'complete' : 'building',
  startedAt: status.startedAt?.toISOString(),
  finishedAt: status.finishedAt?.toISOString(),
  repositories: status.repositories,
  openChanges: status.openChanges,
  running: status.running,
  last: status.last,
  problem: status.problem,
});

const input = z.strictObject({});

export const showIndex = question('index status', {input, output}, async ({index}: IndexContext) =>
  toIndexAnswer(await index.status()),
);

/** Answers at once; `index status` tells how far it is. One that is under way goes on, and `hasBegun` is false. */
export const rebuildIndex = contentChange(
  'index rebuild',
  {input, output: output.extend({hasBegun: z.boolean()})},
  async ({index}: IndexContext, _, actor) => {
    const {hasBegun, ...status} = await index.rebuild(actor);
    return {...toIndexAnswer(status), hasBegun};
  },
);
