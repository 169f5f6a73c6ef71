/** What a provider of a test remembers, for as long as the test runs. */
import type {Adapter, AdapterPayload} from 'oidc-provider';

/** One store for all kinds. */
export function createStorage(): (kind: string) => Adapter {
  const kept = new Map<string, AdapterPayload>();
  return (kind) => {
    const keyOf = (id: string): string => `${kind}:${id}`;
    const find = (id: string) => Promise.resolve(kept.get(keyOf(id)));
    const having = (field: 'uid' | 'userCode', value: string) =>
      Promise.resolve(
        [...kept].find(([key, payload]) => isOf(key) && payload[field] === value)?.[1],
      );
    const isOf = (key: string): boolean => key.startsWith(`${kind}:`);
    return {
      find,
      findByUid: async (uid) => having('uid', uid),
      findByUserCode: async (code) => having('userCode', code),
      upsert: async (id, payload) => {
        kept.set(keyOf(id), payload);
        return Promise.resolve();
      },
      consume: async (id) => {
        const payload = await find(id);
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => {
        kept.delete(keyOf(id));
        return Promise.resolve();
      },
      revokeByGrantId: async (grantId) => {
        for (const [key, payload] of kept) if (payload.grantId === grantId) kept.delete(key);
        return Promise.resolve();
      },
    };
  };
}
