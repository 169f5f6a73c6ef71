/** What hostile clients say to a registry with accounts: proofs of all kinds, nearly right, and requests for tokens, sign-ins and accounts. */
import type {Random} from '../load/random.ts';
import type {Request} from './request.ts';
import {name, number, oddText} from './words.ts';

const mostTokens = 20;

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

/** As a form or a query has it; what is encoded already is so twice now and then. */
const encoded = (random: Random, text: string): string =>
  random.chance(0.8) ? encodeURIComponent(text.toWellFormed()) : text.replaceAll(/[\s#]/g, '+');

export class Accounts {
  /** Of the admin, who may push everywhere. */
  readonly password: string;
  readonly #tokens: string[] = [];

  constructor(password: string) {
    this.password = password;
  }

  get proof(): string {
    return `Authorization: ${basic(`admin:${this.password}`)}`;
  }

  addToken(token: string): void {
    this.#tokens.push(token);
    if (this.#tokens.length > mostTokens) this.#tokens.shift();
  }

  /** Lines of a request; mostly such that it gets further than the guard. */
  headers(random: Random): readonly string[] {
    const token = random.pick(this.#tokens) ?? 'x.y.z';
    const at = random.below(token.length);
    return random.choose<readonly string[]>([
      [30, () => [this.proof]],
      [20, () => [`Authorization: Bearer ${token}`]],
      [4, () => []],
      [2, () => [`Authorization: Bearer ${token.slice(0, at)}A${token.slice(at + 1)}`]],
      [1, () => [`Authorization: Bearer ${token.slice(0, at)}`]],
      [1, () => [`Authorization: Bearer ${random.pick(this.#tokens) ?? ''}.${oddText(random)}`]],
      [1, () => [`Authorization: bearer  ${token}`]],
      [1, () => [`Authorization: Basic ${oddText(random)}`]],
      [1, () => [`Authorization: ${basic(oddText(random))}`]],
      [0.3, () => [`Authorization: ${basic(`${oddText(random)}:${oddText(random)}`)}`]],
      [1, () => [this.proof, `Authorization: Bearer ${token}`]],
      [1, () => [`Authorization: ${random.pick(['Digest', 'Bearer', 'Basic', ',', '='])}`]],
      [1, () => [`Cookie: holdfast=${oddText(random)}; holdfast=hfs_${oddText(random)}`]],
      [0.5, () => [`Cookie: ${'holdfast=x; '.repeat(random.below(500))}`]],
    ]);
  }

  request(random: Random): Request {
    return random.choose<Request>([
      [4, () => ({method: 'GET', target: `/auth/token?${this.#query(random)}`, headers: []})],
      [3, () => this.#form(random, '/auth/token', this.#grant(random))],
      [3, () => this.#page(random)],
      [2, () => this.#json(random)],
      [1, () => ({method: 'GET', target: `/auth/oidc/${oddText(random)}`, headers: []})],
    ]);
  }

  #scope(random: Random): string {
    const actions = random.pick(['pull', 'pull,push', 'pull,push,delete', '*', ',', 'x']);
    const usual = `repository:${name(random)}:${actions}`;
    return random.choose([
      [8, () => usual],
      [1, () => 'registry:catalog:*'],
      [1, () => oddText(random)],
      [1, () => `${usual} ${usual} ${oddText(random)}`],
      [0.3, () => Array.from({length: 300}, () => usual).join(' ')],
    ]);
  }

  #query(random: Random): string {
    const parts = ['service=holdfast', `scope=${encoded(random, this.#scope(random))}`];
    while (random.chance(0.4)) {
      const key = random.pick(['scope', 'account', 'client_id', 'offline_token', 'service']);
      parts.push(`${key}=${encoded(random, oddText(random))}`);
    }
    return parts.join('&');
  }

  #grant(random: Random): Readonly<Record<string, string>> {
    const isRight = random.chance(0.7);
    return {
      grant_type: random.pick(['password', 'password', 'refresh_token', oddText(random)]),
      service: 'holdfast',
      client_id: oddText(random),
      username: isRight ? 'admin' : oddText(random),
      password: isRight ? this.password : oddText(random),
      refresh_token: oddText(random),
      scope: this.#scope(random),
      access_type: random.pick(['offline', 'online', oddText(random)]),
    };
  }

  #page(random: Random): Request {
    const path = random.pick(['/sign-in', '/sign-up', '/start', '/profile', `/${oddText(random)}`]);
    const query = `?to=${encoded(random, oddText(random))}&problem=${encoded(random, oddText(random))}`;
    const accept = random.pick(['text/html', 'text/html', '*/*', oddText(random)]);
    const method = random.pick(['GET', 'GET', 'HEAD', 'POST']);
    return {method, target: `${path}${query}`, headers: [`Accept: ${accept}`]};
  }

  #form(random: Random, target: string, fields: Readonly<Record<string, string>>): Request {
    const pairs = Object.entries(fields).filter(() => random.chance(0.9));
    const body = pairs.map(([key, value]) => `${key}=${encoded(random, value)}`).join('&');
    const type = random.chance(0.95) ? 'application/x-www-form-urlencoded' : 'text/plain';
    return {method: 'POST', target, headers: [`Content-Type: ${type}`], body: Buffer.from(body)};
  }

  #json(random: Random): Request {
    const target = random.pick([
      '/api/v1/session',
      '/api/v1/session/sign-up',
      '/api/v1/setup',
      '/api/v1/setup/claim',
      '/api/v1/users',
      '/api/v1/users/admin',
      '/api/v1/users/admin/application_tokens',
      `/api/v1/users/admin/sessions/${encodeURIComponent(oddText(random).toWellFormed())}`,
    ]);
    const given = {
      username: random.chance(0.5) ? 'admin' : oddText(random),
      password: random.chance(0.5) ? this.password : random.chance(0.5) ? oddText(random) : 1,
      ...(random.chance(0.3) ? {code: oddText(random)} : {}),
      ...(random.chance(0.2) ? {current_password: oddText(random)} : {}),
      ...(random.chance(0.2) ? {application: oddText(random), expires_in: number(random)} : {}),
      ...(random.chance(0.1) ? {__proto__: null, isAdmin: true} : {}),
    };
    const text = JSON.stringify(given);
    const body = random.chance(0.8) ? text : text.slice(0, random.below(text.length));
    const method = random.pick(['POST', 'POST', 'GET', 'DELETE', 'PUT']);
    const site = random.pick(['same-origin', 'same-origin', 'cross-site', 'none']);
    const headers = ['Content-Type: application/json', `Sec-Fetch-Site: ${site}`];
    return {method, target, headers, body: Buffer.from(body)};
  }
}
