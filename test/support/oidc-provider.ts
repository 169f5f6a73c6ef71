/** A real OpenID provider: npm's oidc-provider, with a form of its own to log in by. */
import {exportJWK, generateKeyPair} from 'jose';
import Provider, {type Configuration, type KoaContextWithOIDC} from 'oidc-provider';
import {text} from 'node:stream/consumers';
import type {Lifetime} from './lifetime.ts';
import {createStorage} from './oidc-storage.ts';
import {secret} from './secrets.ts';
import {type TlsServer, tlsServer} from './tls-server.ts';

export type Person = Readonly<Record<string, unknown>>;

export interface OidcServer extends TlsServer {
  /** Who can log in there, by what the provider calls them; their claims. Looked at with each login. */
  readonly people: Map<string, Person>;
  /** As Holdfast is told of it. */
  readonly settings: {
    readonly id: string;
    readonly issuer: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly caFile: string;
  };
  /** Where it may send browsers back to; before anybody logs in. */
  allow(callbackUrl: string): void;
}

/** Claims beside the plain ones that it knows to tell. */
const told = ['name', 'preferred_username', 'groups', 'roles', 'is_operator'];

export async function startOidcProvider(
  life: Lifetime,
  {id = 'corp', isAway = false}: {readonly id?: string; readonly isAway?: boolean} = {},
): Promise<OidcServer> {
  const {privateKey} = await generateKeyPair('RS256', {extractable: true});
  const key = {...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: `key of ${id}`};
  const people = new Map<string, Person>();
  const clientSecret = secret(`secret of the client at ${id}: %+/`);
  let handle: ReturnType<Provider['callback']> | undefined;
  const server = await tlsServer(
    life,
    (request, response) => {
      if (handle) return handle(request, response);
      response.statusCode = 503;
      return response.end();
    },
    {isAway},
  );
  const allow = (callbackUrl: string): void => {
    const provider = new Provider(server.url, {
      clients: [{client_id: 'holdfast', client_secret: clientSecret, redirect_uris: [callbackUrl]}],
      adapter: createStorage(),
      // In seconds.
      ttl: {AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600},
      jwks: {keys: [key]},
      cookies: {keys: [`of the cookies of ${id}`]},
      claims: {openid: ['sub'], profile: told, email: ['email', 'email_verified']},
      features: {devInteractions: {enabled: false}},
      interactions: {url: (_ctx, {uid}) => `/interaction/${uid}`},
      pkce: {required: () => true},
      findAccount: (_ctx, sub) => {
        const claims = people.get(sub);
        return claims && {accountId: sub, claims: () => ({...claims, sub})};
      },
      loadExistingGrant: allowAll,
    });
    provider.use(async (ctx, next) => {
      if (!ctx.path.startsWith('/interaction/')) await next();
      else await interact(provider, ctx as unknown as KoaContextWithOIDC, people);
    });
    handle = provider.callback();
  };
  // For whoever asks what it says of itself.
  allow('https://localhost/nowhere');
  return {
    ...server,
    people,
    allow,
    settings: {
      id,
      issuer: server.url,
      clientId: 'holdfast',
      clientSecret,
      caFile: server.caFile,
    },
  };
}

/** Nobody is asked whether Holdfast may know him. */
const allowAll: NonNullable<Configuration['loadExistingGrant']> = async ({oidc}) => {
  const clientId = oidc.client?.clientId ?? '';
  const grant = new oidc.provider.Grant({clientId, accountId: oidc.session?.accountId ?? ''});
  grant.addOIDCScope('openid profile email');
  await grant.save();
  return grant;
};

/** A form; what is sent with it ends the interaction. */
async function interact(
  provider: Provider,
  ctx: KoaContextWithOIDC,
  people: ReadonlyMap<string, Person>,
): Promise<void> {
  if (ctx.method !== 'POST') {
    ctx.type = 'html';
    ctx.body = `<!doctype html><title>Provider</title><form method="post">
      <label>Login <input name="login"></label><button>Continue</button></form>`;
    return;
  }
  const login = new URLSearchParams(await text(ctx.req)).get('login') ?? '';
  const result = people.has(login)
    ? {login: {accountId: login}}
    : {error: 'access_denied', error_description: 'nobody of that name'};
  ctx.respond = false;
  await provider.interactionFinished(ctx.req, ctx.res, result, {mergeWithLastSubmission: false});
}
