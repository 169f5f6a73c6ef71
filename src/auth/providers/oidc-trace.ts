/** What a sign-in with an OpenID provider needs, for whoever tests it; nobody signs in. */
import {z} from 'zod';
import type {OidcSettings} from '../../config/oidc-schema.ts';
import {OidcProvider} from './oidc.ts';
import {type ProbeStep, probeServer, StepFault, type Trace} from './probe-server.ts';
import {ProviderFault} from './provider-fault.ts';

type OidcStep = ProbeStep | 'discovery' | 'keys' | 'flow' | 'scopes' | 'client';

interface TraceOptions {
  readonly settings: OidcSettings;
  /** As faults of the configuration name it: `auth.oidc[0]`. */
  readonly setting: string;
  /** Absent: the address of this registry is not set, and so the client is not tried. */
  readonly callbackUrl: string | undefined;
  readonly trace: Trace<OidcStep>;
  readonly signal: AbortSignal;
}

const keySet = z.object({
  keys: z.array(z.object({kty: z.string(), alg: z.string().optional()})).min(1),
});

/** Rejects with a StepFault, and with a ConfigError where the CA file or that of the secret can't be read. */
export async function traceOidc({
  settings,
  setting,
  callbackUrl,
  trace,
  signal,
}: TraceOptions): Promise<void> {
  const provider = new OidcProvider({settings, setting});
  const {issuer, scopes} = settings;
  const fail = (step: OidcStep, finding: string, advice: string): never => {
    throw new StepFault(step, new ProviderFault({url: issuer, finding, advice}));
  };
  await probeServer(issuer, provider.fetchOptions, trace);
  const metadata = await during('discovery', async () => provider.describe(signal));
  trace('discovery', `the document of ${metadata.issuer}`);

  const {jwks_uri: place} = metadata;
  if (place === undefined) {
    return fail('keys', 'it names no jwks_uri', 'another provider: ID tokens can not be verified');
  }
  const answer = await during('keys', async () => provider.ask(place, signal));
  const {keys} =
    keySet.safeParse(answer).data ??
    fail(
      'keys',
      `there are no keys in ${place}`,
      'the provider has to publish those that sign ID tokens',
    );
  trace('keys', `${keys.length} (${keys.map(({alg, kty}) => alg ?? kty).join(', ')})`);

  // What a provider does not say may be so all the same.
  const {code_challenge_methods_supported: methods, response_types_supported: types} = metadata;
  if (types?.includes('code') === false) {
    fail('flow', 'it knows no authorization code flow', 'switch the code flow on there');
  }
  trace(
    'flow',
    methods?.includes('S256') === true
      ? 'authorization code with PKCE'
      : 'authorization code; PKCE (S256) is sent, and the provider does not say that it looks at it',
  );

  const {scopes_supported: known} = metadata;
  const unknown = known ? scopes.filter((scope) => !known.includes(scope)) : [];
  if (unknown.length > 0) {
    const advice = `check ${setting}.scopes; it names ${known?.join(', ') ?? ''}`;
    fail('scopes', `the provider does not name ${unknown.join(', ')}`, advice);
  }
  trace(
    'scopes',
    `${scopes.join(', ')}${known ? '' : ' (the provider does not say which it knows)'}`,
  );

  if (callbackUrl === undefined) return;
  await during('client', async () => provider.tryClient(callbackUrl, signal));
  trace('client', `${settings.clientId} is known there, with this secret`);
}

async function during<T>(step: OidcStep, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProviderFault) throw new StepFault(step, error);
    throw error;
  }
}
