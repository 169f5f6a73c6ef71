/** What a login at Keystone goes through, for whoever tests it. */
import type {AuthLog} from '../log.ts';
import type {Credentials, LoginResult} from '../ports.ts';
import type {KeystoneAddress} from './keystone-client.ts';
import {KeystoneClient} from './keystone-client.ts';
import {KeystoneProvider} from './keystone.ts';
import {type ProbeStep, probeServer, StepFault, type Trace} from './probe-server.ts';
import {ProviderFault} from './provider-fault.ts';

type KeystoneStep = ProbeStep | 'version' | 'service' | 'login' | 'roles';

interface TraceOptions {
  readonly settings: KeystoneAddress;
  readonly trace: Trace<KeystoneStep>;
  /** Absent: nobody logs in. */
  readonly credentials: Credentials | undefined;
  readonly signal: AbortSignal;
}

/** `undefined`: nobody has logged in. Rejects with a StepFault, and with a ConfigError where the CA file can't be read. */
export async function traceKeystone({
  settings,
  trace,
  credentials,
  signal,
}: TraceOptions): Promise<LoginResult | undefined> {
  let refusal = '';
  const log: AuthLog = {
    ...silent,
    info: ({reason, needsSecondFactor}) => {
      const factor =
        needsSecondFactor === true
          ? ' (a second factor is needed: use an application credential)'
          : '';
      refusal = `${typeof reason === 'string' ? reason : ''}${factor}`;
    },
  };
  const client = new KeystoneClient(settings, log);
  const provider = new KeystoneProvider({
    settings,
    log,
    onRoles: (detail) => {
      trace('roles', detail);
    },
  });
  await probeServer(settings.url, client.fetchOptions, trace);
  await during('version', async () => client.check(signal));
  trace('version', `the identity API answers, version 3`);
  if (provider.knows) {
    const {knows} = provider;
    await during('service', async () => knows('nobody', signal));
    trace('service', 'auth.keystone.service may look users up');
  }
  if (!credentials) return undefined;
  const result = await during('login', async () => provider.login(credentials, signal));
  if (result.outcome === 'accepted') {
    trace('login', `the secret of ${credentials.username} is right`);
    return result;
  }
  throw new StepFault(
    'login',
    new ProviderFault({
      url: settings.url,
      finding: `it is not accepted${refusal === '' ? '' : `: ${refusal}`}`,
      advice:
        'a wrong name or password, an account that is locked or disabled there, or a user of another domain: NAME@DOMAIN, or auth.keystone.domain',
    }),
  );
}

async function during<T>(step: KeystoneStep, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProviderFault) throw new StepFault(step, error);
    throw error;
  }
}

const silent: AuthLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
