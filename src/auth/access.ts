/** Opens all that decides who may do what, and holds it together. */
import type {DataPaths} from '../config/data-directory.ts';
import type {Config} from '../config/schema.ts';
import {watchAccess} from '../observability/access-metrics.ts';
import type {Metrics} from '../observability/metrics.ts';
import {openDatabase, type Database} from '../metadata/database.ts';
import {recordApplicationTokenUse} from '../metadata/application-tokens.ts';
import {recordLogin, renewPasswordHash} from '../metadata/users.ts';
import type {Certificates} from '../tls/certificates.ts';
import {givenPaths, readPairIfThere} from '../tls/given-pair.ts';
import {findLocalUser, findLoginToken, findRobot} from './account-source.ts';
import {admit} from './admission.ts';
import {CredentialCache} from './credential-cache.ts';
import {FactCache} from './fact-cache.ts';
import {factSources, type IsOccupied} from './fact-sources.ts';
import {policyOf} from './facts.ts';
import {type Generations, openGenerations} from './generations.ts';
import type {AuthLog} from './log.ts';
import {type AcceptedLogin, Logins} from './login.ts';
import {LoginThrottle} from './login-throttle.ts';
import {nameKeeper} from './names-elsewhere.ts';
import {Outages} from './outages.ts';
import type {PasswordHasher} from './password-hash.ts';
import {openHtpasswd} from './providers/htpasswd.ts';
import {LocalProvider} from './providers/local.ts';
import type {PasswordProvider} from './ports.ts';
import {type Dependency, ProviderChain} from './provider-chain.ts';
import {redirectProviders, remoteProviders} from './remote-providers.ts';
import {createRealm, ownServices, type Realm} from './realm.ts';
import {RedirectLogins} from './redirect-logins.ts';
import {RefreshTokens} from './refresh.ts';
import {Rights} from './rights.ts';
import {openSigningKeys, type SigningKeys} from './signing-keys.ts';
import {type Judgements, newJudgements} from './token-holder.ts';
import {createTokenIssuer} from './token-issuer.ts';
import {createTokenVerifier, type TokenVerifier} from './token-verifier.ts';
import {UploadLeases} from './upload-lease.ts';
import {Workloads} from './workloads.ts';

export interface Access {
  readonly db: Database['db'];
  readonly keys: SigningKeys;
  readonly logins: Logins;
  readonly redirectLogins: RedirectLogins;
  /** In the order in which they are asked. */
  readonly providers: readonly PasswordProvider[];
  readonly dependencies: readonly Dependency[];
  readonly realm: Realm;
  readonly rights: Rights;
  readonly verifier: TokenVerifier;
  readonly generations: Generations;
  readonly leases: UploadLeases;
  readonly judgements: Judgements;
  /** This process has changed something: it counts from now on, here. Other processes notice by themselves. */
  accountsChanged(): void;
  close(): Promise<void>;
}

export interface AccessOptions {
  readonly config: Config;
  readonly paths: DataPaths;
  /** Absent: TLS is off, and the pair under `certs/` signs if there is one. */
  readonly certificates: Pick<Certificates, 'current'> | undefined;
  readonly isOccupied: IsOccupied;
  /** One for the whole process: what runs at once is limited by it. */
  readonly hasher: PasswordHasher;
  readonly metrics: Pick<Metrics, 'registry' | 'access'>;
  readonly log: AuthLog;
  readonly now: () => Date;
}

/** Rejects with a MetadataError, a CertificateError or a ConfigError; then nothing stays open. */
export async function openAccess(options: AccessOptions): Promise<Access> {
  await using stack = new AsyncDisposableStack();
  const access = await open(options, stack);
  const opened = stack.move();
  return {...access, close: async () => opened.disposeAsync()};
}

async function open(
  {config, paths, certificates, isOccupied, hasher, metrics, log, now}: AccessOptions,
  stack: AsyncDisposableStack,
): Promise<Omit<Access, 'close'>> {
  const {token} = config;
  const {db, close} = await openDatabase({
    file: paths.database,
    allowNetworkFileSystem: config.metadata.allowNetworkFileSystem,
    rootVisibility: config.namespaces.rootVisibility,
    now,
  });
  stack.defer(close);
  const keys = await openSigningKeys({
    directory: paths.keys,
    kind: token.key,
    trustFor: token.expiresIn + token.uploadLease,
    pair: async () => certificates?.current() ?? idlePair(config.tls, paths.certs),
    log,
    now,
  });
  stack.defer(async () => keys.close());

  const cache = new CredentialCache({now: () => now().getTime()});
  const known = new FactCache();
  const forget = (): void => {
    cache.clear();
    known.clear();
  };
  const generations = await openGenerations({db, log, onChange: forget, now});
  stack.defer(async () => generations.close());
  const accountsChanged = (): void => {
    forget();
    void generations.refresh();
  };

  const providers = await openProviders({config, db, hasher, log, onChange: forget});
  const isKept = nameKeeper(providers);
  const admission = {
    db,
    log,
    now: () => now().getTime(),
    onChange: accountsChanged,
    isReserved: async (name: string) => (await isOccupied(name)) || (await isKept(name)),
    haveNamesRights: config.namespaces.policy !== 'teams',
  };
  const outages = new Outages(log);
  const chain = new ProviderChain({
    providers,
    admit: async (identity, options) => admit(admission, identity, options),
    outages,
    metrics: metrics.access,
    now: () => now().getTime(),
  });
  stack.defer(async () => chain.close());
  const onAccepted = noteLogins({db, log, now});
  const redirectLogins = new RedirectLogins({
    providers: await redirectProviders(config.auth),
    admit: async (identity) => admit(admission, identity),
    onAccepted,
    outages,
    metrics: metrics.access,
  });
  stack.defer(async () => redirectLogins.close());
  const workloads = new Workloads({
    rules: config.auth.workloads,
    findRobot: async (name) => findRobot(db, name),
    outages,
    metrics: metrics.access,
    now,
  });
  const logins = new Logins({
    chain,
    findToken: async (username, id) => findLoginToken(db, username, id),
    workloads,
    throttle: new LoginThrottle({...config.auth, now: () => now().getTime()}),
    cache,
    log,
    onAccepted,
    metrics: metrics.access,
    now: () => now().getTime(),
  });

  watchAccess(metrics.registry, {
    tokenKey: () => signingKey(keys),
    accountsAge: () => generations.age(),
  });
  const facts = {sources: factSources(db, isOccupied), policy: policyOf(config)};
  const knownFacts = {...facts, sources: known.over(facts.sources)};
  const rights = new Rights({db, facts, knownFacts, log, now, onChange: accountsChanged});
  const services = ownServices(token);
  const refreshTokens = new RefreshTokens({
    db,
    expiresIn: token.refreshExpiresIn,
    ownServices: services,
    now,
  });
  const issuer = createTokenIssuer({keys, issuer: token.issuer, now});
  return {
    db,
    keys,
    logins,
    redirectLogins,
    providers,
    dependencies: [
      ...chain.dependencies,
      ...redirectLogins.dependencies,
      ...workloads.dependencies,
    ],
    realm: createRealm({config, logins, rights, refreshTokens, issuer, generations, now}),
    rights,
    verifier: createTokenVerifier({
      keys,
      issuer: token.issuer,
      services,
      anonymous: config.auth.anonymous,
      now,
    }),
    generations,
    judgements: newJudgements(),
    leases: new UploadLeases({db, lasts: token.uploadLease, now}),
    accountsChanged,
  };
}

/** What is told of the key that signs. */
function signingKey(keys: SigningKeys) {
  const [key] = keys.status();
  return key?.state === 'signing' ? key : undefined;
}

/** TLS is off: a proxy may speak it, with the pair that lies here. */
async function idlePair(tls: Config['tls'], directory: string) {
  const pair = await readPairIfThere(givenPaths(tls, directory));
  return pair && {cert: pair.chain, key: pair.key};
}

async function openProviders({
  config,
  db,
  hasher,
  log,
  onChange,
}: Pick<AccessOptions, 'config' | 'hasher' | 'log'> & {
  readonly db: Database['db'];
  readonly onChange: () => void;
}): Promise<readonly PasswordProvider[]> {
  const local = new LocalProvider({
    findByName: async (name) => findLocalUser(db, name),
    hasher,
    log,
    keepHash: async ({id}, {former, next}) => {
      await renewPasswordHash(db, {id, former, passwordHash: next});
    },
  });
  const {htpasswd: path, order} = config.auth;
  const providers: readonly PasswordProvider[] = [
    local,
    ...(path === undefined ? [] : [await openHtpasswd({path, log, onChange})]),
    ...(await remoteProviders(config.auth, log)),
  ];
  const named = order.flatMap((id) => providers.filter((provider) => provider.id === id));
  return [...new Set([...named, ...providers])];
}

/** Nobody waits for it, and no login fails for it. */
function noteLogins({
  db,
  log,
  now,
}: Pick<AccessOptions, 'log' | 'now'> & {readonly db: Database['db']}) {
  const note = async ({account, applicationTokenId: id}: AcceptedLogin): Promise<void> => {
    const time = now().getTime();
    await recordLogin(db, {id: account.id, now: time});
    if (id !== undefined) await recordApplicationTokenUse(db, {id, now: time});
  };
  return (login: AcceptedLogin): void => {
    note(login).catch((error: unknown) => {
      log.warn({err: error}, 'login not noted');
    });
  };
}
