/** What a sign-in at an OpenID provider needs, step by step, with what failed and what to change. */
import type {OidcSettings} from '../../config/oidc-schema.ts';
import {traceOidc} from './oidc-trace.ts';
import {type Steps, tellingFaults} from './steps.ts';

interface TryOptions {
  readonly settings: OidcSettings;
  /** As faults of the configuration name it: `auth.oidc[0]`. */
  readonly setting: string;
  /** Where the provider sends browsers back to, on this registry. */
  readonly path: string;
  /** The same with the host; absent: the address of this registry is not set. */
  readonly callbackUrl: string | undefined;
  readonly steps: Steps;
  readonly signal: AbortSignal;
}

/** Rejects with a ConfigError where the CA file or that of the secret can't be read, and with the signal's reason. */
export async function tryOidc({steps, path, ...options}: TryOptions): Promise<void> {
  const {settings, callbackUrl} = options;
  steps.done('settings', `${settings.id}: ${settings.issuer}, client ${settings.clientId}`);
  tellRedirect(steps, callbackUrl, path);
  await tellingFaults(steps, async () => traceOidc({...options, trace: steps.done}));
}

function tellRedirect({tell, done}: Steps, callbackUrl: string | undefined, path: string): void {
  if (callbackUrl !== undefined) {
    done('redirect', `register ${callbackUrl} at the provider`);
    return;
  }
  tell({
    step: 'redirect',
    isDone: true,
    detail: `register https://HOST${path} at the provider, with the host that browsers know`,
    advice:
      'set externalUrl: without it the address follows what each browser asks for, and the client is not tried here',
  });
}
