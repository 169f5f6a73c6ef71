/** What calls itself an issuer of tokens: over HTTPS, with keys of its own, and every answer as a test wants it. */
import {type CryptoKey, exportJWK, generateKeyPair, SignJWT} from 'jose';
import type {JWK, JWTPayload} from 'jose';
import {text} from 'node:stream/consumers';
import type {ServerResponse} from 'node:http';
import type {Lifetime} from './lifetime.ts';
import {secret} from './secrets.ts';
import {type TlsServer, tlsServer} from './tls-server.ts';

export interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: JWK;
}

/** By path; what is not there is answered 404. */
type Answers = Record<string, (form: URLSearchParams, response: ServerResponse) => unknown>;

export interface Issuer extends TlsServer {
  readonly key: SigningKey;
  /** Those that verify; a test may change them. */
  keys: SigningKey[];
  /** A test may change them. An object is answered as JSON; `undefined`: the test has answered itself. */
  readonly answers: Answers;
  /** How often each path was asked for. */
  readonly asked: Map<string, number>;
  /** For an hour, signed by its key, unless something else is said. */
  sign(claims: JWTPayload, by?: SigningKey): Promise<string>;
}

export async function newSigningKey(id: string): Promise<SigningKey> {
  const {privateKey, publicKey} = await generateKeyPair('ES256');
  const jwk = {...(await exportJWK(publicKey)), kid: id, alg: 'ES256', use: 'sig'};
  return {id, privateKey, publicKey: jwk};
}

export async function startIssuer(
  life: Lifetime,
  options: Parameters<typeof tlsServer>[2] = {},
): Promise<Issuer> {
  const key = await newSigningKey('first');
  const answers: Answers = {};
  const asked = new Map<string, number>();
  const server = await tlsServer(
    life,
    async (request, response) => {
      const path = request.url?.split('?')[0] ?? '';
      asked.set(path, (asked.get(path) ?? 0) + 1);
      const form = new URLSearchParams(await text(request));
      const answer = answers[path];
      const content = await answer?.(form, response);
      if (answer && content === undefined) return;
      response.statusCode = answer ? response.statusCode : 404;
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(content ?? {}));
    },
    options,
  );
  const {url} = server;
  const issuer: Issuer = {
    ...server,
    key,
    keys: [key],
    answers,
    asked,
    sign: async (claims, by = key) => {
      const token = new SignJWT({iss: url, ...claims});
      token.setProtectedHeader({alg: 'ES256', kid: by.id}).setIssuedAt();
      if (claims.exp === undefined) token.setExpirationTime('1h');
      return secret(await token.sign(by.privateKey));
    },
  };
  answers['/.well-known/openid-configuration'] = () => ({
    issuer: url,
    authorization_endpoint: `${url}/authorize`,
    token_endpoint: `${url}/token`,
    userinfo_endpoint: `${url}/userinfo`,
    jwks_uri: `${url}/keys`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['ES256'],
    authorization_response_iss_parameter_supported: true,
  });
  answers['/keys'] = () => ({keys: issuer.keys.map(({publicKey}) => publicKey)});
  return issuer;
}
