/** ID tokens as passwords: of pipelines, which have the account of a robot where every claim is as the rule wants it. Never shown to a provider of passwords. */
import {decodeJwt, errors, jwtVerify, type JWTPayload} from 'jose';
import type {WorkloadSettings} from '../config/oidc-schema.ts';
import type {AccessMetrics} from '../observability/access-metrics.ts';
import type {Account} from './caller.ts';
import {LoginUnavailable} from './login-unavailable.ts';
import type {Outages} from './outages.ts';
import type {Credentials} from './ports.ts';
import {available, type Checked, type Dependency, dependencyOf} from './provider-chain.ts';
import {boundedFetch} from './providers/bounded-fetch.ts';
import {readCaFile} from '../tls/ca-file.ts';
import {anyMatch, valuesOf} from './providers/claim-rules.ts';
import {faultIn, ProviderFault} from './providers/provider-fault.ts';
import {ofIssuer} from './providers/request-diagnosis.ts';
import {openWorkloadIssuer, type WorkloadIssuer} from './workload-issuer.ts';

/** With one key to sign and another to verify: with those of a shared secret, whoever has the public key could sign. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** In characters; with the rest of a request they must fit into the headers. */
const longest = 32 * 1024;
/** In seconds: clocks differ. */
const skew = 30;

const form = /^eyJ[\w-]*\.eyJ[\w-]*\.[\w-]*$/;

interface WorkloadsOptions {
  readonly rules: readonly WorkloadSettings[];
  /** `undefined`: there is no such robot. */
  readonly findRobot: (
    name: string,
  ) => Promise<{readonly account: Account; readonly isEnabled: boolean} | undefined>;
  readonly outages: Outages;
  readonly metrics?: Pick<AccessMetrics, 'noteProvider'>;
  /** In ms: keys that are not known are asked for no more often. */
  readonly cooldown?: number;
  readonly now: () => Date;
}

export class Workloads {
  readonly #options: WorkloadsOptions;
  readonly #issuers: ReadonlyMap<string, WorkloadIssuer>;

  /** Throws a ConfigError where a CA file can't be read. */
  constructor(options: WorkloadsOptions) {
    this.#options = options;
    const issuers = new Map<string, WorkloadIssuer>();
    for (const [index, rule] of options.rules.entries()) {
      if (issuers.has(rule.issuer)) continue;
      const ca = readCaFile(`auth.workloads[${index}].caFile`, rule.caFile);
      issuers.set(
        rule.issuer,
        openWorkloadIssuer(rule, boundedFetch({...rule, ca, words: ofIssuer}), options.cooldown),
      );
    }
    this.#issuers = issuers;
    for (const {source} of issuers.values()) options.metrics?.noteProvider(source, true);
  }

  /** Whether it may have been meant as an ID token: then it is nobody else's business. */
  looksLikeOne(password: string): boolean {
    return this.#issuers.size > 0 && form.test(password.trim());
  }

  get dependencies(): readonly Dependency[] {
    return [...this.#issuers.values()].map(({name, source, check}) =>
      dependencyOf({id: source, displayName: name, check}, this.#options),
    );
  }

  /** Rejects with LoginUnavailable where the issuer's keys are not to be had. */
  async check({username, password}: Credentials, signal: AbortSignal): Promise<Checked> {
    const text = password.trim();
    const issuer = text.length > longest ? undefined : this.#issuers.get(issuerIn(text));
    if (!issuer) return wrong('no issuer of auth.workloads has made this token');
    const rules = this.#options.rules.filter((rule) => rule.issuer === issuerIn(text));
    const verified = await this.#verify(text, issuer, rules);
    if ('outcome' in verified) return verified;
    const {payload} = verified;
    const rule = rules.find((each) => each.robot === username && isFit(each, payload));
    if (!rule) return wrong(mismatchOf(rules, username, payload));
    const robot = await available('accounts', signal, async () =>
      this.#options.findRobot(username),
    );
    if (!robot) return wrong(`there is no robot ${username}`);
    if (!robot.isEnabled) return {outcome: 'refused', reason: 'disabled'};
    const expiresAt = (payload.exp ?? 0) * 1000;
    return {
      outcome: 'verified',
      verified: {account: robot.account, expiresAt, isShortLived: true},
    };
  }

  async #verify(
    text: string,
    issuer: WorkloadIssuer,
    rules: readonly WorkloadSettings[],
  ): Promise<{readonly payload: JWTPayload} | Checked> {
    const {metrics, outages, now} = this.#options;
    try {
      const {payload} = await jwtVerify(text, await issuer.keys(), {
        algorithms,
        issuer: rules.map((rule) => rule.issuer),
        audience: rules.map(({audience}) => audience),
        requiredClaims: ['exp'],
        clockTolerance: skew,
        currentDate: now(),
      });
      metrics?.noteProvider(issuer.source, true);
      outages.isOver(issuer.source);
      return {payload};
    } catch (error) {
      const fault = outageIn(error);
      if (!fault) return refusalOf(error);
      metrics?.noteProvider(issuer.source, false);
      outages.tell(issuer.source, fault);
      throw new LoginUnavailable(issuer.name, {cause: fault, isTold: true});
    }
  }
}

const wrong = (why: string): Checked => ({outcome: 'wrong', why});

/** What it says itself; proves nothing. Empty: nothing. */
function issuerIn(text: string): string {
  try {
    return decodeJwt(text).iss ?? '';
  } catch (error) {
    if (error instanceof errors.JOSEError) return '';
    throw error;
  }
}

const isFit = ({audience, claims}: WorkloadSettings, payload: JWTPayload): boolean =>
  valuesOf(payload, 'aud').includes(audience) && unfit(claims, payload) === undefined;

/** The first claim that is not as it must be. */
const unfit = (claims: WorkloadSettings['claims'], payload: JWTPayload): string | undefined =>
  Object.entries(claims).find(
    ([name, allowed]) => !anyMatch([allowed].flat(), valuesOf(payload, name)),
  )?.[0];

/** Names of claims alone: their values are a stranger's. */
function mismatchOf(
  rules: readonly WorkloadSettings[],
  username: string,
  payload: JWTPayload,
): string {
  const own = rules.filter(({robot}) => robot === username);
  if (own.length === 0) return 'no rule makes a workload of this issuer that robot';
  const reasons = own.map(({audience, claims}) =>
    valuesOf(payload, 'aud').includes(audience)
      ? `the claim ${unfit(claims, payload) ?? ''}`
      : 'the audience',
  );
  return `${[...new Set(reasons)].join(', ')} is not as the rule wants it`;
}

function refusalOf(error: unknown): Checked {
  if (error instanceof errors.JWTExpired) {
    return {outcome: 'refused', reason: 'expired-token', why: 'the ID token has expired'};
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return wrong(`the claim ${error.claim} of the ID token: ${error.reason}`);
  }
  if (error instanceof errors.JOSEError) return wrong(`the ID token: ${error.code}`);
  // A key of the issuer that no library takes is thrown in many forms.
  return wrong('the ID token: the key of its issuer can not be used');
}

/** Not the token is at fault. */
function outageIn(error: unknown): ProviderFault | undefined {
  const fault = faultIn(error);
  if (fault) return fault;
  const isTheirs =
    error instanceof errors.JWKSInvalid ||
    error instanceof errors.JWKSTimeout ||
    // What is no 200 is the plain error of the library.
    (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC');
  if (!isTheirs) return undefined;
  return new ProviderFault({url: 'the keys of the issuer', finding: error.message});
}
