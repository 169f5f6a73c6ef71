/** The way to a Keystone and a login there, step by step, with what failed and what to change. */
import type {Credentials, Identity} from '../ports.ts';
import type {KeystoneAddress} from './keystone-client.ts';
import {traceKeystone} from './keystone-trace.ts';
import {type Steps, tellingFaults} from './steps.ts';

interface TryOptions {
  readonly settings: KeystoneAddress;
  readonly steps: Steps;
  /** Absent: nobody logs in. */
  readonly credentials: Credentials | undefined;
  readonly signal: AbortSignal;
}

/** `undefined`: nobody has logged in. Rejects as `tryLdap`. */
export async function tryKeystone({
  settings,
  steps,
  credentials,
  signal,
}: TryOptions): Promise<Identity | undefined> {
  steps.done('settings', `${settings.url}, domain ${settings.domain}`);
  const result = await tellingFaults(steps, async () =>
    traceKeystone({settings, trace: steps.done, credentials, signal}),
  );
  return result?.outcome === 'accepted' ? result.identity : undefined;
}
