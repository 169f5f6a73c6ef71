/** An issuer of ID tokens: what it says of itself, and the keys that it signs with. */
import {createRemoteJWKSet, customFetch, type JWTVerifyGetKey} from 'jose';
import {z} from 'zod';
import type {WorkloadSettings} from '../config/oidc-schema.ts';
import type {BoundedFetch} from './providers/bounded-fetch.ts';
import {ProviderFault} from './providers/provider-fault.ts';

/** In ms: for so long what the issuer says of itself is taken as it was. */
const documentCountsFor = 3_600_000;
const keysCountFor = 600_000;

export interface WorkloadIssuer {
  readonly name: string;
  readonly source: string;
  readonly keys: () => Promise<JWTVerifyGetKey>;
  readonly check: () => Promise<void>;
}

const document = z.object({issuer: z.string(), jwks_uri: z.url({protocol: /^https?$/})});

export function openWorkloadIssuer(
  {issuer, timeout}: WorkloadSettings,
  fetch: BoundedFetch,
  cooldown = 30_000,
): WorkloadIssuer {
  const {host, pathname} = new URL(issuer);
  const name = `${host}${pathname.replace(/\/+$/, '')}`;
  let known:
    {readonly keys: JWTVerifyGetKey; readonly url: string; readonly at: number} | undefined;
  let asking: Promise<JWTVerifyGetKey> | undefined;
  const ask = async (): Promise<JWTVerifyGetKey> => {
    const url = await keysUrlOf(issuer, fetch);
    const at = performance.now();
    // What is known of the keys goes on to count where they lie where they did.
    const keys =
      known?.url === url
        ? known.keys
        : createRemoteJWKSet(new URL(url), {
            [customFetch]: fetch,
            cooldownDuration: cooldown,
            cacheMaxAge: keysCountFor,
            timeoutDuration: timeout,
          });
    known = {keys, url, at};
    return keys;
  };
  /** One question for all that wait for it: whoever has a token, be it forged, can make it ask. */
  const askOnce = async (): Promise<JWTVerifyGetKey> =>
    (asking ??= ask().finally(() => {
      asking = undefined;
    }));
  return {
    name,
    source: `workloads:${name}`,
    keys: async () => {
      if (!known || performance.now() - known.at > documentCountsFor) return askOnce();
      return known.keys;
    },
    check: async () => {
      await askOnce();
    },
  };
}

/** Rejects with a ProviderFault. */
async function keysUrlOf(issuer: string, fetch: BoundedFetch): Promise<string> {
  const url = `${issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, {headers: {accept: 'application/json'}});
  const refuse = (finding: string): never => {
    throw new ProviderFault({url, finding, advice: 'check the issuer in auth.workloads'});
  };
  if (answer.status !== 200) return refuse(`it answers ${answer.status}`);
  const content: unknown = await answer.json().catch(() => undefined);
  const parsed = document.safeParse(content);
  if (!parsed.success) return refuse('the answer is no document of an OpenID issuer');
  if (parsed.data.issuer !== issuer) return refuse('it calls itself by another name');
  const keys = parsed.data.jwks_uri;
  if (issuer.startsWith('https:') && !keys.startsWith('https:')) {
    return refuse('its keys lie at no https:// address');
  }
  return keys;
}
