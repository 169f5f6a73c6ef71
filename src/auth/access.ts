/** Opens all that decides who may do what, and holds it together. */
import type {DataPaths} from '../config/data-directory.ts';
import type {Config} from '../config/schema.ts';
import type {Database} from '../metadata/database.ts';
import {watchAccess} from '../observability/access-metrics.ts';
import type {Metrics} from '../observability/metrics.ts';
import type {Certificates} from '../tls/certificates.ts';
import type {BcryptThread} from './bcrypt-thread.ts';
import {ActivityNotes} from './activities/notes.ts';
import {CredentialCache} from './credential-cache.ts';
import {FactCache} from './fact-cache.ts';
import {factSources, type IsOccupied} from './fact-sources.ts';
import {policyOf} from './facts.ts';
import {type Generations, openGenerations} from './generations.ts';
import type {Log} from '../observability/log.ts';
import {type OpenLogins, openLogins} from './open-logins.ts';
import {type FindNameElsewhere, nameFinder} from './names-elsewhere.ts';
import {openConfiguredKeys} from './open-configured-keys.ts';
import type {PasswordHasher} from './password-hash.ts';
import {createRealm, ownServices, type Realm} from './realm.ts';
import {RefreshTokens} from './refresh.ts';
import {Rights} from './rights.ts';
import type {SigningKeys} from './signing-keys.ts';
import {type Judgements, newJudgements} from './token-holder.ts';
import {createTokenIssuer} from './token-issuer.ts';
import {createTokenVerifier, type TokenVerifier} from './token-verifier.ts';
import {UploadLeases} from './upload-lease.ts';

export interface Access extends OpenLogins {
  readonly db: Database['db'];
  readonly findNameElsewhere: FindNameElsewhere;
  readonly keys: SigningKeys;
  readonly realm: Realm;
  readonly rights: Rights;
  readonly verifier: TokenVerifier;
  readonly generations: Generations;
  readonly leases: UploadLeases;
  readonly judgements: Judgements;
  /** Who hears of what was denied. */
  readonly notes: ActivityNotes;
  /** This process has changed something: it counts from now on, here. Other processes notice by themselves. */
  accountsChanged(): void;
  close(): Promise<void>;
}

export interface AccessOptions {
  readonly config: Config;
  readonly paths: DataPaths;
  /** Whoever has opened it closes it. */
  readonly db: Database['db'];
  /** Absent: TLS is off, and the pair under `certs/` signs if there is one. */
  readonly certificates: Pick<Certificates, 'current'> | undefined;
  readonly isOccupied: IsOccupied;
  /** One for the whole process: what runs at once is limited by it. */
  readonly hasher: PasswordHasher;
  /** That of the hasher; one of each process, as well. */
  readonly bcrypt: BcryptThread;
  readonly metrics: Pick<Metrics, 'registry' | 'access'>;
  readonly log: Log;
  readonly now: () => Date;
  /** What a test may steer: in ms. */
  readonly jobInterval?: number | undefined;
}

/** Rejects with a MetadataError, a CertificateError or a ConfigError; then nothing stays open. */
export async function openAccess(options: AccessOptions): Promise<Access> {
  await using stack = new AsyncDisposableStack();
  const access = await open(options, stack);
  const opened = stack.move();
  return {...access, close: async () => opened.disposeAsync()};
}

async function open(
  options: AccessOptions,
  stack: AsyncDisposableStack,
): Promise<Omit<Access, 'close'>> {
  const {config, db, isOccupied, metrics, log, now} = options;
  const {token} = config;
  const keys = await openConfiguredKeys(options);
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
  // Closed after what may still note something.
  const notes = new ActivityNotes({db, log, now, interval: options.jobInterval});
  stack.defer(async () => notes.close());
  const logins = await openLogins(
    {...options, notes, db, cache, forget, accountsChanged, metrics: metrics.access},
    stack,
  );

  watchAccess(metrics.registry, {
    tokenKey: () => signingKey(keys),
    accountsAge: () => generations.age(),
  });
  const facts = {sources: factSources(db, isOccupied), policy: policyOf(config)};
  const knownFacts = {...facts, sources: known.over(facts.sources)};
  const findNameElsewhere = nameFinder(config, logins.providers, log);
  const rights = new Rights({
    db,
    facts,
    knownFacts,
    findNameElsewhere,
    log,
    now,
    onChange: accountsChanged,
  });
  const services = ownServices(token);
  const refreshTokens = new RefreshTokens({
    db,
    expiresIn: token.refreshExpiresIn,
    ownServices: services,
    now,
  });
  const issuer = createTokenIssuer({keys, issuer: token.issuer, now});
  return {
    ...logins,
    findNameElsewhere,
    db,
    keys,
    realm: createRealm({...logins, config, notes, rights, refreshTokens, issuer, generations, now}),
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
    notes,
    leases: new UploadLeases({db, lasts: token.uploadLease, now}),
    accountsChanged,
  };
}

/** What is told of the key that signs. */
function signingKey(keys: SigningKeys) {
  const [key] = keys.status();
  return key?.state === 'signing' ? key : undefined;
}
