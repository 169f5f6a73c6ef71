/** Keystone's identity API, version 3, as far as logins need it. What it gives out is given back. */
import {z} from 'zod';
import type {KeystoneSettings} from '../../config/keystone-schema.ts';
import type {AuthLog} from '../log.ts';
import {type BoundedFetch, boundedFetch, type FetchOptions} from './bounded-fetch.ts';
import {readCaFile} from './ca-file.ts';
import {ProviderFault} from './provider-fault.ts';

export type KeystoneAddress = KeystoneSettings & {readonly url: string};

const named = z.object({id: z.string(), name: z.string()});
const inDomain = named.extend({domain: named});
const tokenAnswer = z.object({
  token: z.object({
    user: inDomain,
    project: inDomain.optional(),
    roles: z.array(named).optional(),
  }),
});
const versionAnswer = z.object({version: z.object({id: z.string().startsWith('v3')})});
const refusal = z.object({error: z.object({message: z.string()})});

export interface Session {
  /** Of the token that Keystone has given out. */
  readonly text: string;
  readonly token: z.infer<typeof tokenAnswer>['token'];
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** `undefined`: none, or no JSON. */
  readonly body: unknown;
}

interface Asking {
  readonly body?: object;
  /** Who asks. */
  readonly token?: string;
  readonly subject?: string;
}

export class KeystoneClient {
  readonly fetchOptions: FetchOptions;
  readonly #base: string;
  readonly #fetch: BoundedFetch;
  readonly #log: AuthLog;

  /** Throws a ConfigError where the CA file can't be read. */
  constructor(settings: KeystoneAddress, log: AuthLog) {
    const url = settings.url.replace(/\/+$/, '');
    this.#base = url.endsWith('/v3') ? url : `${url}/v3`;
    const {verify, timeout, caFile} = settings;
    this.fetchOptions = {
      ca: readCaFile('auth.keystone.caFile', caFile),
      verify,
      timeout,
      words: {address: 'auth.keystone.url', others: 'auth.keystone.'},
    };
    this.#fetch = boundedFetch(this.fetchOptions);
    this.#log = log;
  }

  /** Rejects with a ProviderFault unless version 3 answers there. */
  async check(signal: AbortSignal): Promise<void> {
    const answer = await this.ask('GET', '', signal);
    if (!versionAnswer.safeParse(answer.body).success) throw this.strange(answer);
  }

  /** As whoever `auth` shows himself to be, while `work` goes on. `undefined`: it is not accepted. */
  async as<T>(
    auth: object,
    signal: AbortSignal,
    work: (session: Session) => Promise<T>,
  ): Promise<T | undefined> {
    const session = await this.#open(auth, signal);
    if (!session) return undefined;
    try {
      return await work(session);
    } finally {
      await this.#giveBack(session, signal);
    }
  }

  /** Rejects with a ProviderFault where there is no answer, and with the signal's reason. */
  async ask(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    signal: AbortSignal,
    {body, token, subject}: Asking = {},
  ): Promise<Answer> {
    const response = await this.#fetch(
      `${this.#base}${path}`,
      {
        method,
        headers: {
          Accept: 'application/json',
          ...(body === undefined ? {} : {'Content-Type': 'application/json'}),
          ...(token === undefined ? {} : {'X-Auth-Token': token}),
          ...(subject === undefined ? {} : {'X-Subject-Token': subject}),
        },
        ...(body === undefined ? {} : {body: JSON.stringify(body)}),
      },
      signal,
    );
    const {status, headers} = response;
    return {status, headers, body: parsed(await response.text())};
  }

  strange({status, body}: Answer): ProviderFault {
    const said = refusal.safeParse(body).data?.error.message;
    return new ProviderFault({
      url: this.#base,
      finding: `it answers ${status}${said === undefined ? '' : ` (${said})`}, and not as Keystone does`,
      advice: 'check auth.keystone.url, the identity API of version 3',
    });
  }

  async #open(auth: object, signal: AbortSignal): Promise<Session | undefined> {
    const answer = await this.ask('POST', '/auth/tokens', signal, {body: {auth}});
    const reason = refusal.safeParse(answer.body).data?.error.message;
    if (isRefusal(answer.status, reason)) {
      const needsSecondFactor = answer.headers.has('openstack-auth-receipt');
      this.#log.info({status: answer.status, reason, needsSecondFactor}, 'Keystone refuses');
      return undefined;
    }
    const found = tokenAnswer.safeParse(answer.body);
    const text = answer.headers.get('x-subject-token');
    if (answer.status !== 201 || !found.success || text === null) {
      throw this.strange(answer);
    }
    return {text, token: found.data.token};
  }

  /** What fails leaves a token that ends by itself. */
  async #giveBack({text}: Session, signal: AbortSignal): Promise<void> {
    try {
      await this.ask('DELETE', '/auth/tokens', signal, {token: text, subject: text});
    } catch (error) {
      this.#log.debug({err: error}, 'token of Keystone not given back');
    }
  }
}

/** Whose application credential is named, and who is not there, is a 404; and so is what is no Keystone. */
const isRefusal = (status: number, reason: string | undefined): boolean =>
  [400, 401, 403].includes(status) ||
  (status === 404 && reason?.startsWith('Could not find') === true);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
