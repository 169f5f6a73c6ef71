/** The token realm, as Docker's protocol has it: GET with Basic, POST with OAuth's form; and the keys that verify what it gives out. */
import type Router from '@koa/router';
import type {Access} from '../auth/access.ts';
import type {IssuedAnswer, Proof} from '../auth/realm.ts';
import {tokenPaths} from '../config/access-schema.ts';
import type {Config} from '../config/schema.ts';
import {type Tracing, within} from '../observability/tracing.ts';
import type {Metrics} from '../observability/metrics.ts';
import {RegistryError} from '../oci/errors.ts';
import {formatScope} from '../oci/scope.ts';
import {parseAuthorization} from './basic.ts';
import type {Context, Handler, State} from './context.ts';
import {loginRefused} from './login-refused.ts';
import {readBody} from './request-body.ts';
import {requestSignal} from './request-signal.ts';
import {readTokenForm, readTokenQuery, type TokenRequest} from './token-request.ts';

interface TokenOptions {
  readonly config: Pick<Config, 'token' | 'http'>;
  readonly access: Pick<Access, 'realm' | 'keys'>;
  readonly metrics: Pick<Metrics, 'access'>;
  /** Absent: no traces. */
  readonly tracing: Tracing | undefined;
}

const longestForm = 64 * 1024;

export function addTokenRoutes(router: Router<State>, options: TokenOptions): void {
  for (const path of tokenPaths) {
    router.get('token', path, noStore, getToken(options));
    router.post('token', path, noStore, postToken(options));
  }
  router.get('jwks', '/.well-known/jwks.json', (ctx) => {
    ctx.body = options.access.keys.jwks();
  });
}

const noStore: Handler = async (ctx, next) => {
  ctx.set({'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff'});
  await next();
};

function getToken(options: TokenOptions): Handler {
  return async (ctx) => {
    const authorization = parseAuthorization(ctx.get('Authorization'));
    const request = readTokenQuery(new URLSearchParams(ctx.querystring), authorization);
    if (!request) throw loginRequired(options.config);
    const answer = await issue(ctx, options, request);
    ctx.body = wordsOf(answer);
  };
}

function postToken(options: TokenOptions): Handler {
  return async (ctx) => {
    if (ctx.is('application/x-www-form-urlencoded') === false) {
      throw new RegistryError('TOKEN_REQUEST_INVALID', {
        message: 'a POST has a form: application/x-www-form-urlencoded',
      });
    }
    const content = await readBody(ctx, {
      maxBytes: longestForm,
      idleTimeout: options.config.http.bodyIdleTimeout,
      tooLarge: new RegistryError('TOKEN_REQUEST_TOO_LARGE'),
      isFromStranger: true,
    });
    const request = readTokenForm(new URLSearchParams(content.toString()));
    const answer = await issue(ctx, options, request);
    ctx.body = {...wordsOf(answer), scope: answer.granted.map(formatScope).join(' ')};
  };
}

async function issue(
  ctx: Context,
  {config, access, metrics, tracing}: TokenOptions,
  request: TokenRequest,
): Promise<IssuedAnswer> {
  const {address} = ctx.state.client;
  const decide = async () =>
    access.realm.answer({...request, address, requestId: ctx.state.id}, requestSignal(ctx));
  const answer = await (tracing ? within(tracing, spanOf(request), decide) : decide());
  metrics.access.countTokenRequest(request.proof.kind, answer.outcome);
  switch (answer.outcome) {
    case 'issued':
      return answer;
    case 'refused':
      throw loginRefused(answer, challenge(config));
    case 'login-required':
      throw loginRequired(config, request.proof);
    case 'invalid':
      throw new RegistryError('TOKEN_REQUEST_INVALID', {message: sentences[answer.reason]});
  }
}

const spanOf = ({proof, scopes}: TokenRequest) => ({
  name: 'token decision',
  attributes: {'holdfast.token.proof': proof.kind, 'holdfast.token.scopes': scopes.length},
});

const sentences = {
  'unknown-service': 'this realm gives out no tokens for that service',
  'too-many-scopes': 'so many scopes do not fit into one token',
};

/** `token` for docker, `access_token` for OAuth. */
const wordsOf = ({token, expiresIn, issuedAt, refreshToken}: IssuedAnswer) => ({
  token,
  access_token: token,
  expires_in: expiresIn,
  issued_at: issuedAt.toISOString(),
  ...(refreshToken === undefined ? {} : {refresh_token: refreshToken}),
});

const challenge = ({token}: Pick<Config, 'token'>): string => `Basic realm="${token.service}"`;

/** Who comes with a refresh token believes to be logged in. */
const loginRequired = (config: Pick<Config, 'token'>, proof?: Proof): RegistryError =>
  new RegistryError('UNAUTHORIZED', {
    ...(proof?.kind === 'refresh-token' ? {message: 'the login counts no more; log in again'} : {}),
    headers: {'WWW-Authenticate': challenge(config)},
  });
