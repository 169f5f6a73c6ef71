/** Opens every way to log in, as the configuration names them: passwords, pages of others, tokens and pipelines. */
import type {Config} from '../config/schema.ts';
import {recordApplicationTokenUse} from '../metadata/application-tokens.ts';
import type {Database} from '../metadata/database.ts';
import {findUserWithPassword, recordLogin, renewPasswordHash} from '../metadata/users.ts';
import type {AccessMetrics} from '../observability/access-metrics.ts';
import {findLoginToken, findRobot} from './account-source.ts';
import type {ActivityNotes} from './activities/notes.ts';
import {admit} from './admission.ts';
import type {BcryptThread} from './bcrypt-thread.ts';
import type {CredentialCache} from './credential-cache.ts';
import type {IsOccupied} from './fact-sources.ts';
import type {Log} from '../observability/log.ts';
import {type LoginLocks, LoginThrottle} from './login-throttle.ts';
import {type AcceptedLogin, Logins} from './login.ts';
import {nameKeeper} from './names-elsewhere.ts';
import {Outages} from './outages.ts';
import type {PasswordHasher} from './password-hash.ts';
import {ForeignTokens} from './foreign-token-login.ts';
import type {PasswordProvider} from './ports.ts';
import {type Dependency, ProviderChain} from './provider-chain.ts';
import {openHtpasswd} from './providers/htpasswd.ts';
import {LocalProvider} from './providers/local.ts';
import {RedirectLogins} from './redirect-logins.ts';
import {redirectProviders, remoteProviders} from './remote-providers.ts';
import {Workloads} from './workloads.ts';

export interface OpenLogins {
  readonly logins: Logins;
  readonly locks: LoginLocks;
  readonly redirectLogins: RedirectLogins;
  /** Those of passwords, in the order in which they are asked. */
  readonly providers: readonly PasswordProvider[];
  readonly dependencies: readonly Dependency[];
}

interface LoginOptions {
  readonly config: Pick<Config, 'auth' | 'namespaces'>;
  readonly db: Database['db'];
  readonly hasher: PasswordHasher;
  readonly bcrypt: BcryptThread;
  readonly isOccupied: IsOccupied;
  /** Passwords that were right a moment ago. */
  readonly cache: CredentialCache;
  readonly metrics: AccessMetrics;
  readonly notes: Pick<ActivityNotes, 'note'>;
  /** What providers say has changed. */
  readonly forget: () => void;
  readonly accountsChanged: () => void;
  readonly log: Log;
  readonly now: () => Date;
}

/** Rejects with a ConfigError where a file of a provider can't be read. What is opened is closed with `stack`. */
export async function openLogins(
  options: LoginOptions,
  stack: AsyncDisposableStack,
): Promise<OpenLogins> {
  const {config, db, cache, metrics, notes, log} = options;
  const now = (): number => options.now().getTime();
  const providers = await openProviders(options);
  const admission = admissionOf(options, providers);
  const outages = new Outages(log);
  const common = {outages, metrics};
  const chain = new ProviderChain({
    ...common,
    providers,
    admit: async (identity, settings) => admit(admission, identity, settings),
    now,
  });
  stack.defer(async () => chain.close());
  const onAccepted = noteLogins(options);
  const redirectLogins = new RedirectLogins({
    ...common,
    providers: await redirectProviders(config.auth),
    admit: async (identity) => admit(admission, identity),
    onAccepted,
    notes,
  });
  stack.defer(async () => redirectLogins.close());
  const workloads = new Workloads({
    ...common,
    rules: config.auth.workloads,
    findRobot: async (name) => findRobot(db, name),
    now: options.now,
  });
  const foreignTokens = new ForeignTokens(db, options.bcrypt);
  const throttle = new LoginThrottle({...config.auth, now});
  const logins = new Logins({
    chain,
    findForeignLogin: foreignTokens.login,
    findToken: async (username, id) => findLoginToken(db, username, id),
    workloads,
    throttle,
    cache,
    log,
    onAccepted,
    notes,
    metrics,
    now,
  });
  return {
    logins,
    locks: throttle,
    redirectLogins,
    providers,
    dependencies: [
      ...chain.dependencies,
      ...redirectLogins.dependencies,
      ...workloads.dependencies,
    ],
  };
}

async function openProviders({
  config,
  db,
  hasher,
  bcrypt,
  log,
  forget,
}: LoginOptions): Promise<readonly PasswordProvider[]> {
  const local = new LocalProvider({
    findByName: async (name) => findUserWithPassword(db, name),
    hasher,
    log,
    keepHash: async ({id}, {former, next}) => {
      await renewPasswordHash(db, {id, former, passwordHash: next});
    },
  });
  const {htpasswd: path, order} = config.auth;
  const providers: readonly PasswordProvider[] = [
    local,
    ...(path === undefined ? [] : [await openHtpasswd({path, bcrypt, log, onChange: forget})]),
    ...(await remoteProviders(config.auth, log)),
  ];
  const named = order.flatMap((id) => providers.filter((provider) => provider.id === id));
  return [...new Set([...named, ...providers])];
}

function admissionOf(
  {config, db, isOccupied, accountsChanged, log, now}: LoginOptions,
  providers: readonly PasswordProvider[],
): Parameters<typeof admit>[0] {
  const keeper = nameKeeper(providers);
  return {
    db,
    log,
    now: () => now().getTime(),
    onChange: accountsChanged,
    nameJudge: () => {
      const judge = keeper();
      return async (name) => ((await isOccupied(name)) ? 'taken' : judge(name));
    },
    haveNamesRights: config.namespaces.policy !== 'teams',
  };
}

/** Nobody waits for it, and no login fails for it. */
function noteLogins({
  db,
  log,
  now,
}: Pick<LoginOptions, 'db' | 'log' | 'now'>): (login: AcceptedLogin) => void {
  const note = async ({account, applicationTokenId: id}: AcceptedLogin): Promise<void> => {
    const time = now().getTime();
    await recordLogin(db, {id: account.id, now: time});
    if (id !== undefined) await recordApplicationTokenUse(db, {id, now: time});
  };
  return (login) => {
    note(login).catch((error: unknown) => {
      log.warn({err: error}, 'login not noted');
    });
  };
}
