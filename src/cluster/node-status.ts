/** What a node tells of itself and of the others. */
import {z} from 'zod';

export const nodeStatus = z.object({
  node: z.string(),
  mode: z.enum(['single', 'active-standby', 'active-active']),
  /** `resting`: demoted, and it takes over only when another has served, or when it is promoted. `stopped`: no process runs. */
  state: z.enum([
    'starting',
    'active',
    'standby',
    'resting',
    'activating',
    'deactivating',
    'stopped',
  ]),
  since: z.string().nullable(),
  volume: z.string().nullable(),
  problem: z.string().nullable(),
  holders: z.array(
    z.object({
      epoch: z.number(),
      node: z.string().nullable(),
      address: z.string().nullable(),
      hostname: z.string().nullable(),
      pid: z.number().nullable(),
      state: z.enum(['self', 'alive', 'dead', 'unknown']),
      /** In ms. */
      silentFor: z.number().nullable(),
    }),
  ),
});

export type NodeStatus = z.output<typeof nodeStatus>;
export type NodeState = Exclude<NodeStatus['state'], 'resting' | 'stopped'>;
