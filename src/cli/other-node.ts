/** What works on the directory itself is for the host whose node serves it. */
import type {Config} from '../config/schema.ts';
import {Failure} from './failure.ts';

/** Throws a Failure where another node lives, as far as one can know. */
export async function requireNoOtherNode(config: Config): Promise<void> {
  if (config.cluster.mode !== 'active-standby') return;
  const {lookAtNodes} = await import('../node.ts');
  const {node, holders} = await lookAtNodes(config);
  const other = holders.find(({state}) => state === 'alive' || state === 'unknown');
  if (!other || other.node === node) return;
  const who = other.node ?? other.hostname ?? 'another node';
  const where = other.address ?? other.hostname;
  throw new Failure(
    `${who}${where === null ? '' : ` (${where})`} serves this directory: run this command there; if that host is gone for good, holdfast node promote here, or holdfast serve, takes over`,
  );
}
