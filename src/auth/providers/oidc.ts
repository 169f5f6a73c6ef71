/** People of an OpenID Connect provider: by its code flow with PKCE, with the ID token's signature verified. */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  ResponseBodyError,
  type ClientAuth,
  type ServerMetadata,
} from 'openid-client';
import type {OidcSettings} from '../../config/oidc-schema.ts';
import type {PendingLogin, RedirectProvider, RedirectResult} from '../ports.ts';
import {type BoundedFetch, boundedFetch, type FetchOptions} from './bounded-fetch.ts';
import {ofIssuer} from './request-diagnosis.ts';
import {readCaFile} from '../../tls/ca-file.ts';
import type {Claims} from './claim-rules.ts';
import {faultOf, judgeAnswer} from './oidc-failure.ts';
import {missingClaims, personOf, sourceOf} from './oidc-person.ts';
import {readSecretFile} from './secret-file.ts';

/** In ms: for so long what the provider says of itself is taken as it was. */
const documentCountsFor = 300_000;
/** In ms: whether it is there is asked no more often. */
const checkCountsFor = 5_000;

interface OidcOptions {
  readonly settings: OidcSettings;
  /** As faults of the configuration name it: `auth.oidc[0]`. */
  readonly setting: string;
}

interface Discovered {
  readonly metadata: ServerMetadata;
  readonly at: number;
}

export class OidcProvider implements RedirectProvider {
  readonly id: string;
  readonly source: string;
  readonly displayName: string;
  readonly fetchOptions: FetchOptions;
  readonly #settings: OidcSettings;
  readonly #secret: string | undefined;
  readonly #fetch: BoundedFetch;
  #discovered: Discovered | undefined;
  #discovering: Promise<Discovered> | undefined;

  /** Throws a ConfigError where the CA file or that of the secret can't be read. Nothing is asked yet: a provider that is down keeps no server from starting. */
  constructor({settings, setting}: OidcOptions) {
    const {caFile, clientSecret, clientSecretFile: secretFile} = settings;
    this.id = settings.id;
    this.source = sourceOf(settings.id);
    this.displayName = settings.displayName ?? settings.id;
    this.#settings = settings;
    this.#secret =
      secretFile === undefined
        ? clientSecret
        : readSecretFile(`${setting}.clientSecretFile`, secretFile);
    const {verify, timeout} = settings;
    this.fetchOptions = {
      ca: readCaFile(`${setting}.caFile`, caFile),
      verify,
      timeout,
      words: ofIssuer,
    };
    this.#fetch = boundedFetch(this.fetchOptions);
  }

  /** Rejects with a ProviderFault. */
  async begin(
    {callbackUrl, state}: {readonly callbackUrl: string; readonly state: string},
    signal: AbortSignal,
  ): Promise<{readonly url: string; readonly pending: PendingLogin}> {
    const configuration = await this.#configuration(signal);
    const pending = {verifier: randomPKCECodeVerifier(), nonce: randomNonce()};
    const challenge = await calculatePKCECodeChallenge(pending.verifier);
    return this.#asking(() => {
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: callbackUrl,
        scope: this.#settings.scopes.join(' '),
        state,
        nonce: pending.nonce,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      });
      return Promise.resolve({url: url.href, pending});
    });
  }

  /** Rejects with a ProviderFault. */
  async finish(
    {
      url,
      state,
      pending,
    }: {readonly url: URL; readonly state: string; readonly pending: PendingLogin},
    signal: AbortSignal,
  ): Promise<RedirectResult> {
    const configuration = await this.#configuration(signal);
    let claims: Claims;
    try {
      const tokens = await authorizationCodeGrant(configuration, url, {
        expectedState: state,
        expectedNonce: pending.nonce,
        pkceCodeVerifier: pending.verifier,
        idTokenExpected: true,
      });
      const told = tokens.claims();
      if (told === undefined) return {outcome: 'invalid', why: 'there is no ID token'};
      claims = {...told};
      if (missingClaims(claims, this.#settings) && this.#hasUserInfo(configuration)) {
        const more = await fetchUserInfo(configuration, tokens.access_token, told.sub);
        claims = {...more, ...told};
      }
    } catch (error) {
      return judgeAnswer(error, this.#settings.issuer);
    }
    return personOf(claims, this.#settings);
  }

  /** Asks what the provider says of itself. */
  async check(signal: AbortSignal): Promise<void> {
    const known = this.#discovered;
    if (known && performance.now() - known.at < checkCountsFor) return;
    await this.#discover(signal);
  }

  /** What it says of itself. Rejects with a ProviderFault, as what follows does. */
  async describe(signal: AbortSignal): Promise<ServerMetadata> {
    return (await this.#discover(signal)).metadata;
  }

  /** `undefined`: the answer is no JSON. */
  async ask(url: string, signal: AbortSignal): Promise<unknown> {
    const response = await this.#fetch(url, {}, signal);
    return response.json().catch(() => undefined);
  }

  /** Shows the client's secret with a code that nobody was given: the provider looks at the secret first. */
  async tryClient(callbackUrl: string, signal: AbortSignal): Promise<void> {
    const configuration = await this.#configuration(signal);
    const answer = new URL(callbackUrl);
    const {issuer} = configuration.serverMetadata();
    answer.search = new URLSearchParams({code: 'none', iss: issuer}).toString();
    await this.#asking(async () => {
      const pkceCodeVerifier = randomPKCECodeVerifier();
      await authorizationCodeGrant(configuration, answer, {pkceCodeVerifier}).catch(
        (error: unknown) => {
          if (!(error instanceof ResponseBodyError) || error.error !== 'invalid_grant') throw error;
        },
      );
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #configuration(signal: AbortSignal): Promise<Configuration> {
    const known = this.#discovered;
    const isFresh = known && performance.now() - known.at < documentCountsFor;
    const {metadata} = isFresh ? known : await this.#discover(signal);
    const {clientId} = this.#settings;
    const configuration = new Configuration(metadata, clientId, {}, this.#authentication(metadata));
    this.#prepare(configuration);
    // Without it the signature counts for nothing: TLS alone would say whose token it is.
    enableNonRepudiationChecks(configuration);
    return configuration;
  }

  /** One question for all that wait for it. */
  async #discover(signal: AbortSignal): Promise<Discovered> {
    signal.throwIfAborted();
    this.#discovering ??= this.#askForDocument().finally(() => {
      this.#discovering = undefined;
    });
    const discovered = await this.#discovering;
    signal.throwIfAborted();
    return discovered;
  }

  async #askForDocument(): Promise<Discovered> {
    const {issuer, clientId, timeout} = this.#settings;
    return this.#asking(async () => {
      const configuration = await discovery(new URL(issuer), clientId, {}, None(), {
        [customFetch]: this.#fetch,
        timeout: timeout / 1000,
        ...(isPlain(issuer) ? {execute: [allowPlain]} : {}),
      });
      this.#discovered = {metadata: configuration.serverMetadata(), at: performance.now()};
      return this.#discovered;
    });
  }

  async #asking<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw faultOf(error, this.#settings.issuer);
    }
  }

  #prepare(configuration: Configuration): void {
    const {issuer, timeout} = this.#settings;
    configuration[customFetch] = this.#fetch;
    configuration.timeout = timeout / 1000;
    if (isPlain(issuer)) allowPlain(configuration);
  }

  #authentication({token_endpoint_auth_methods_supported: methods}: ServerMetadata): ClientAuth {
    if (this.#secret === undefined) return None();
    // What a provider that names none takes, as OpenID Connect has it.
    const isBasic = methods?.includes('client_secret_basic') ?? true;
    return isBasic ? ClientSecretBasic(this.#secret) : ClientSecretPost(this.#secret);
  }

  #hasUserInfo(configuration: Configuration): boolean {
    return configuration.serverMetadata().userinfo_endpoint !== undefined;
  }
}

/** On this host alone: the configuration takes no other issuer without TLS. */
// oxlint-disable-next-line typescript/no-deprecated -- marked so to stand out, and not to go
const allowPlain: (configuration: Configuration) => void = allowInsecureRequests;
const isPlain = (issuer: string): boolean => issuer.startsWith('http:');
