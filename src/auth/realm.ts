/** The token realm: who asks, what he may, and the token that says so. */
import type {Config} from '../config/schema.ts';
import type {Clock} from '../host/clock.ts';
import type {Scope} from '../oci/scope.ts';
import {mostScopes} from './authorize.ts';
import {deniedAccess} from './activities/denied-access.ts';
import type {ActivityNotes} from './activities/notes.ts';
import {credentialOf, type Origin} from './activities/origin.ts';
import {anonymous, type Account} from './caller.ts';
import type {Generations} from './generations.ts';
import type {Logins, AcceptedLogin, LoginRefusal} from './login.ts';
import {LoginUnavailable} from './login-unavailable.ts';
import type {Credentials} from './ports.ts';
import type {RefreshTokens} from './refresh.ts';
import type {Rights} from './rights.ts';
import {type TokenIssuer, TokenTooLargeError} from './token-issuer.ts';

export type Proof =
  | {readonly kind: 'none'}
  | ({readonly kind: 'password'} & Credentials)
  | {readonly kind: 'refresh-token'; readonly token: string};

interface RealmRequest {
  /** Absent: ours. */
  readonly service: string | undefined;
  readonly scopes: readonly Scope[];
  readonly clientId: string;
  /** Whether a refresh token is wanted. */
  readonly isOffline: boolean;
  readonly proof: Proof;
  /** Of the client. */
  readonly address: string;
  readonly requestId?: string;
}

export interface IssuedAnswer {
  readonly outcome: 'issued';
  readonly token: string;
  /** In seconds. */
  readonly expiresIn: number;
  readonly issuedAt: Date;
  readonly granted: readonly Scope[];
  readonly refreshToken?: string;
}

type RealmAnswer =
  | IssuedAnswer
  | LoginRefusal
  | {
      readonly outcome: 'invalid';
      readonly reason: 'unknown-service' | 'too-many-scopes';
    }
  /** A login is needed: there is none without, or the refresh token counts no more. */
  | {readonly outcome: 'login-required'};

interface RealmOptions {
  readonly config: Pick<Config, 'auth' | 'token'>;
  readonly logins: Pick<Logins, 'login'>;
  readonly rights: Pick<Rights, 'decide'>;
  readonly refreshTokens: RefreshTokens;
  readonly issuer: TokenIssuer;
  readonly generations: Pick<Generations, 'isCurrent' | 'isStale'>;
  readonly notes: Pick<ActivityNotes, 'note'>;
  readonly now: Clock;
}

/** Of names, all together: each is a namespace to be looked up. */
const mostParts = 1000;

export interface Realm {
  /** Rejects where accounts can't be read at present, and with the signal's reason. */
  answer(request: RealmRequest, signal: AbortSignal): Promise<RealmAnswer>;
}

export function createRealm(options: RealmOptions): Realm {
  const {token} = options.config;
  const own = ownServices(token);
  return {
    answer: async (request, signal) => {
      const {service = token.service, scopes} = request;
      if (!own.includes(service) && !token.otherServices.includes(service)) {
        return {outcome: 'invalid', reason: 'unknown-service'};
      }
      if (scopes.length > mostScopes || partsOf(scopes) > mostParts) {
        return {outcome: 'invalid', reason: 'too-many-scopes'};
      }
      const login = await authenticate(options, {...request, service}, signal);
      if (login.outcome === 'login-required') noteRefresh(options, request);
      if (options.generations.isStale) throw new LoginUnavailable('accounts');
      switch (login.outcome) {
        case 'refused':
        case 'login-required':
          return login;
        case 'anonymous':
          return issue(options, {service, scopes, origin: originOf(request)});
        case 'accepted':
          return issueTo(options, {...request, service}, login);
      }
    },
  };
}

/** The names of this registry, the present one and the former ones. */
export const ownServices = ({
  service,
  acceptedServices,
}: Pick<Config['token'], 'service' | 'acceptedServices'>): readonly string[] => [
  service,
  ...acceptedServices,
];

const partsOf = (scopes: readonly Scope[]): number =>
  scopes.reduce((sum, {name}) => sum + name.split('/').length, 0);

type Known = RealmRequest & {readonly service: string};
type Authenticated =
  | AcceptedLogin
  | LoginRefusal
  | {readonly outcome: 'login-required'}
  | {readonly outcome: 'anonymous'};

async function authenticate(
  {config, logins, refreshTokens}: RealmOptions,
  {proof, service, address}: Known,
  signal: AbortSignal,
): Promise<Authenticated> {
  switch (proof.kind) {
    case 'none':
      return {outcome: config.auth.anonymous ? 'anonymous' : 'login-required'};
    case 'password': {
      const {username, password} = proof;
      return logins.login({username, password, address}, signal);
    }
    case 'refresh-token':
      return (await refreshTokens.login(proof.token, service)) ?? {outcome: 'login-required'};
  }
}

const originOf = ({address, requestId}: RealmRequest): Origin => ({address, requestId});

/** Of a login without anything nothing is written down: clients begin with that. */
function noteRefresh({notes}: RealmOptions, {proof, ...request}: RealmRequest): void {
  if (proof.kind !== 'refresh-token') return;
  notes.note({
    address: request.address,
    requestId: request.requestId,
    key: 'login.failed',
    actor: {kind: 'anonymous', name: ''},
    subject: {kind: 'refresh-token', name: request.clientId.slice(0, 128)},
    credential: {kind: 'refresh-token'},
    parameters: {reason: 'counts-no-more'},
    outcome: 'failed',
  });
}

async function issueTo(
  options: RealmOptions,
  request: Known,
  login: AcceptedLogin,
): Promise<RealmAnswer> {
  const {id: accountId, generation} = login.account;
  // Who is newer than what is known here shows that something has changed: what was known before must not be signed for him.
  await options.generations.isCurrent({accountId, generation});
  const {account, expiresAt} = login;
  const credential =
    request.proof.kind === 'refresh-token'
      ? ({kind: 'refresh-token', id: login.applicationTokenId} as const)
      : credentialOf(login);
  const origin = {...originOf(request), credential};
  const answer = await issue(options, {...request, account, expiresAt, origin});
  if (answer.outcome !== 'issued') return answer;
  const {proof, isOffline} = request;
  // Docker keeps the first one for ever, so it stays the same.
  if (proof.kind === 'refresh-token') return {...answer, refreshToken: proof.token};
  // A refresh token would outlive the pipeline.
  if (!isOffline || login.isShortLived) return answer;
  const refreshToken = await options.refreshTokens.issue(login, request);
  return refreshToken === undefined ? {outcome: 'login-required'} : {...answer, refreshToken};
}

async function issue(
  {config: {token}, rights, issuer, notes, now}: RealmOptions,
  {
    service,
    scopes,
    account,
    origin,
    expiresAt = Infinity,
  }: {
    readonly service: string;
    readonly scopes: readonly Scope[];
    readonly account?: Account;
    readonly origin: Origin;
    /** Of what he has logged in by. */
    readonly expiresAt?: number | undefined;
  },
): Promise<RealmAnswer> {
  const caller = account ?? anonymous;
  // Less than was asked for is no error: the registry tells what is missing.
  const decision = await rights.decide(caller, scopes, ownServices(token).includes(service));
  const {granted, reasons} = decision;
  for (const reason of reasons) {
    if (!reason.allowed) notes.note(deniedAccess(caller, reason, origin));
  }
  try {
    const issued = await issuer.issue({
      subject: account?.name ?? '',
      audience: service,
      access: granted,
      expiresIn: Math.max(1000, Math.min(token.expiresIn, expiresAt - now().getTime())),
      ...(account && {accountId: account.id, generation: account.generation}),
      ...(account?.limits && {limits: account.limits}),
    });
    const {expiresIn, issuedAt} = issued;
    return {outcome: 'issued', token: issued.token, expiresIn, issuedAt, granted};
  } catch (error) {
    if (!(error instanceof TokenTooLargeError)) throw error;
    return {outcome: 'invalid', reason: 'too-many-scopes'};
  }
}
