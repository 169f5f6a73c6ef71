/** What Prometheus can ask about logins, tokens and accounts. Labels are words of ours, never a name: strangers choose those. */
import {Counter, Gauge, type Registry} from 'prom-client';

const loginOutcomes = [
  'accepted',
  'bad-credentials',
  'disabled',
  'expired-token',
  'name-taken',
  'locked',
  'rate-limited',
  'unavailable',
] as const;
const proofs = ['none', 'password', 'refresh-token'] as const;
const tokenOutcomes = ['issued', 'refused', 'login-required', 'invalid'] as const;

type LoginOutcome = (typeof loginOutcomes)[number];
type TokenProof = (typeof proofs)[number];
type TokenOutcome = (typeof tokenOutcomes)[number];

export interface AccessMetrics {
  readonly countLogin: (outcome: LoginOutcome) => void;
  /** A name was locked for an address. */
  readonly countLock: () => void;
  /** A provider was asked: whether it could be. */
  readonly noteProvider: (id: string, isUp: boolean) => void;
  readonly countTokenRequest: (proof: TokenProof, outcome: TokenOutcome) => void;
}

/** Each series is there from the start, at 0: from nothing to 1 would be no increase. */
export function createAccessMetrics(registry: Registry): AccessMetrics {
  const registers = [registry];
  const logins = new Counter({
    name: 'holdfast_logins_total',
    help: `Names and passwords that were presented, by outcome: ${loginOutcomes.join(', ')}.`,
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of loginOutcomes) logins.inc({outcome}, 0);
  const locks = new Counter({
    name: 'holdfast_login_locks_total',
    help: 'Times that a name was locked for an address, after too many wrong passwords.',
    registers,
  });
  const requests = new Counter({
    name: 'holdfast_token_requests_total',
    help: `Requests for a token, by what proved who asks (${proofs.join(', ')}) and outcome: ${tokenOutcomes.join(', ')}.`,
    labelNames: ['proof', 'outcome'],
    registers,
  });
  const providers = new Gauge({
    name: 'holdfast_login_provider_up',
    help: 'Whether a provider of accounts could be asked the last time: 1, or 0.',
    labelNames: ['provider'],
    registers,
  });
  for (const proof of proofs) {
    for (const outcome of tokenOutcomes) requests.inc({proof, outcome}, 0);
  }
  return {
    countLogin: (outcome) => {
      logins.inc({outcome});
    },
    countLock: () => {
      locks.inc();
    },
    noteProvider: (provider, isUp) => {
      providers.set({provider}, Number(isUp));
    },
    countTokenRequest: (proof, outcome) => {
      requests.inc({proof, outcome});
    },
  };
}

interface AccessState {
  /** The one that signs. */
  readonly tokenKey: () => {readonly since: Date; readonly certificateExpiresAt: Date} | undefined;
  /** In milliseconds, since the database last answered. */
  readonly accountsAge: () => number;
}

/** What is looked at whenever the metrics are asked for; not there without accounts. */
export function watchAccess(registry: Registry, {tokenKey, accountsAge}: AccessState): void {
  const watch = (name: string, help: string, look: () => number | undefined): Gauge =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(look() ?? NaN);
      },
    });
  const seconds = (time: Date | undefined) =>
    time === undefined ? undefined : time.getTime() / 1000;
  watch(
    'holdfast_token_certificate_expiry_timestamp_seconds',
    'When the certificate that goes along in tokens expires, in seconds since 1970: other registries that use this realm then refuse every token.',
    () => seconds(tokenKey()?.certificateExpiresAt),
  );
  watch(
    'holdfast_token_key_since_timestamp_seconds',
    'Since when the present key signs tokens, in seconds since 1970.',
    () => seconds(tokenKey()?.since),
  );
  watch(
    'holdfast_accounts_age_seconds',
    'Time since the database of accounts last answered; it is asked twice a second.',
    () => accountsAge() / 1000,
  );
}
