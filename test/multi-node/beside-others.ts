/** What makes a server one of several that serve one directory at once; nobody of them is fenced. */
import type {HoldfastOptions} from '../../src/building.ts';

export const besideOthers = (name: string): NonNullable<HoldfastOptions['cluster']> => ({
  claim: {isBeside: true, node: {name}},
  beatEvery: 500,
  others: async () => Promise.resolve([]),
  beforeListening: async () => Promise.resolve(),
  onOver: () => {
    throw new Error(`${name} was fenced`);
  },
});

export const sharedSettings = (name: string, database: string) =>
  ({
    metadata: {url: database},
    cluster: {mode: 'active-active', node: name},
    ui: {enabled: false},
  }) as const;
