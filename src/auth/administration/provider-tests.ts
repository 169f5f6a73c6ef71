/** The operation that tries a provider from the server itself, as the commands `ldap test`, `keystone test` and `oidc test` do. */
import {z} from 'zod';
import {ConfigError} from '../../config/fault.ts';
import type {OidcSettings} from '../../config/oidc-schema.ts';
import {findUserByName} from '../../metadata/users.ts';
import type {Log} from '../../observability/log.ts';
import {BusyError, Gate} from '../gate.ts';
import type {Credentials, Identity} from '../ports.ts';
import {newSteps, type Steps} from '../providers/steps.ts';
import {accountFault} from './account-fault.ts';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';
import {role} from './fields.ts';
import {changeApart} from './operation.ts';

/** In milliseconds: all of it. */
const patience = 30_000;
/** Whoever has an admin's session is not to guess the passwords of a directory with it. */
const gate = new Gate({running: 1, waiting: 4});

const input = z.strictObject({
  provider: z.enum(['ldap', 'keystone', 'oidc']),
  /** Of several of OpenID Connect. */
  id: z.string().max(64).optional(),
  credentials: z
    .strictObject({username: z.string().min(1).max(255), password: z.string().max(4096)})
    .optional(),
  /** Of OpenID Connect: where the provider sends browsers back to, by its id. */
  callback: z.custom<(id: string) => {readonly path: string; readonly url: string | undefined}>(),
});

type Input = z.output<typeof input>;

const output = z.object({
  isAccepted: z.boolean(),
  steps: z.array(
    z.object({
      step: z.string(),
      isDone: z.boolean(),
      detail: z.string(),
      advice: z.string().optional(),
    }),
  ),
  /** Who logged in, as the provider says it. */
  identity: z
    .object({
      provider: z.string(),
      username: z.string(),
      displayName: z.string().optional(),
      email: z.string().optional(),
      isAdmin: z.boolean().optional(),
      teams: z.array(z.object({team: z.string(), role})).optional(),
    })
    .optional(),
  redirectUrl: z.string().optional(),
});

/** The password is asked of the provider alone: it stands neither in the log nor in the activity. */
export const testProvider = changeApart(
  'provider test',
  {
    input,
    output,
    records: {
      key: 'provider.test',
      about: ({provider, id}) => ({subject: id === undefined ? provider : `${provider}:${id}`}),
      details: ({credentials}) => ({user: credentials?.username}),
    },
  },
  async (context, given) => {
    try {
      return await gate.run(async () => tryProvider(context, given));
    } catch (error) {
      if (error instanceof BusyError) {
        throw new AdministrationError('limited', 'others are being tested; try again', {
          cause: error,
        });
      }
      if (error instanceof ConfigError) {
        throw new AdministrationError('refused', error.message, {cause: error});
      }
      throw error;
    }
  },
);

async function tryProvider(
  context: AdministrationContext,
  given: Input,
): Promise<z.output<typeof output>> {
  const steps = newSteps();
  const signal = AbortSignal.timeout(patience);
  const {identity, redirectUrl} = await ask(context, given, {steps, signal}).catch(
    (error: unknown): Answer => {
      if (!signal.aborted || error !== signal.reason) throw error;
      const detail = `it took longer than ${patience / 1000} s`;
      steps.tell({step: 'time', isDone: false, detail});
      return {};
    },
  );
  const {credentials} = given;
  if (identity && credentials) {
    const find = async (name: string) => findUserByName(context.db, name);
    const known = {order: context.config.auth.order, find};
    const fault = await accountFault(known, credentials.username, identity);
    if (fault) steps.tell(fault);
  }
  return {
    isAccepted:
      steps.all.every(({isDone}) => isDone) &&
      (credentials === undefined || identity !== undefined),
    steps: [...steps.all],
    ...(identity && {identity: shownIdentity(identity)}),
    ...(redirectUrl === undefined ? {} : {redirectUrl}),
  };
}

interface Answer {
  readonly identity?: Identity | undefined;
  readonly redirectUrl?: string | undefined;
}

interface Trial {
  readonly steps: Steps;
  readonly signal: AbortSignal;
}

async function ask(
  {config: {auth}}: AdministrationContext,
  {provider, id, credentials, callback}: Input,
  trial: Trial,
): Promise<Answer> {
  switch (provider) {
    case 'ldap':
      return {identity: await askLdap(auth.ldap, credentials, trial)};
    case 'keystone':
      return {identity: await askKeystone(auth.keystone, credentials, trial)};
    case 'oidc': {
      const settings = chosen(auth.oidc, id);
      const {path, url} = callback(settings.id);
      const setting = `auth.oidc[${auth.oidc.indexOf(settings)}]`;
      const {tryOidc} = await import('../providers/try-oidc.ts');
      await tryOidc({...trial, settings, setting, path, callbackUrl: url});
      return {redirectUrl: url};
    }
  }
}

async function askLdap(
  settings: AdministrationContext['config']['auth']['ldap'],
  credentials: Credentials | undefined,
  trial: Trial,
): Promise<Identity | undefined> {
  if (settings.urls.length === 0) {
    throw new AdministrationError('off', 'auth.ldap.urls is not set: there is no directory to ask');
  }
  const {tryLdap} = await import('../providers/try-ldap.ts');
  return tryLdap({...trial, settings, credentials, log: silent});
}

async function askKeystone(
  {url, ...others}: AdministrationContext['config']['auth']['keystone'],
  credentials: Credentials | undefined,
  trial: Trial,
): Promise<Identity | undefined> {
  if (url === undefined) {
    throw new AdministrationError('off', 'auth.keystone.url is not set: there is no Keystone');
  }
  const {tryKeystone} = await import('../providers/try-keystone.ts');
  return tryKeystone({...trial, settings: {...others, url}, credentials});
}

function chosen(providers: readonly OidcSettings[], id: string | undefined): OidcSettings {
  const [first, ...others] = providers;
  if (!first) {
    throw new AdministrationError('off', 'auth.oidc is not set: there is no OpenID provider');
  }
  if (id === undefined && others.length === 0) return first;
  const found = providers.find((each) => each.id === id);
  if (found) return found;
  const names = providers.map((each) => each.id).join(', ');
  const field = 'id';
  throw new AdministrationError('invalid', [{field, message: `must be one of ${names}`}]);
}

const shownIdentity = ({
  provider,
  username,
  displayName,
  email,
  isAdmin,
  teams,
}: Identity): z.output<typeof output>['identity'] => ({
  provider,
  username,
  ...(displayName === undefined ? {} : {displayName}),
  ...(email === undefined ? {} : {email}),
  ...(isAdmin === undefined ? {} : {isAdmin}),
  ...(teams === undefined ? {} : {teams: [...teams]}),
});

/** What is to be told stands in the steps. */
const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
