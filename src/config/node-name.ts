/** How a node is called among those of one directory. */
import {hostname} from 'node:os';
import type {Config} from './schema.ts';

export const nodeNameOf = ({cluster}: Pick<Config, 'cluster'>): string =>
  cluster.node ??
  hostname()
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 63);
