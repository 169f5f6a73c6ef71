/** Logins with real parts: argon2, htpasswd files, a throttle and a cache whose clock the test steers. */
import type {ExecutionContext} from 'ava';
import type {Account} from '../../src/auth/caller.ts';
import {CredentialCache} from '../../src/auth/credential-cache.ts';
import type {AuthLog} from '../../src/auth/log.ts';
import {LoginThrottle, type ThrottleOptions} from '../../src/auth/login-throttle.ts';
import {type Login, Logins, type LoginsOptions} from '../../src/auth/login.ts';
import {Outages} from '../../src/auth/outages.ts';
import {PasswordHasher} from '../../src/auth/password-hash.ts';
import type {Identity, PasswordProvider} from '../../src/auth/ports.ts';
import {type ChainOptions, ProviderChain} from '../../src/auth/provider-chain.ts';
import {LocalProvider} from '../../src/auth/providers/local.ts';
import type {User, UserWithPassword} from '../../src/metadata/users.ts';

export const never = new AbortController().signal;

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface KeptLog {
  readonly log: AuthLog;
  readonly lines: readonly LogLine[];
}

export function keptLog(): KeptLog {
  const lines: LogLine[] = [];
  const keep =
    (level: LogLine['level']): AuthLog['info'] =>
    (fields, message) => {
      lines.push({level, fields, message});
    };
  return {
    lines,
    log: {debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error')},
  };
}

const hasher = new PasswordHasher();

export async function localUser(
  name: string,
  password: string | undefined,
  {passwordHash, ...others}: Partial<User & {readonly passwordHash: string}> = {},
): Promise<UserWithPassword> {
  const hashed = password === undefined ? undefined : await hasher.hash(password);
  const user: User = {
    id: `id-of-${name}`,
    name,
    provider: 'local',
    subject: `subject-of-${name}`,
    displayName: undefined,
    email: undefined,
    isAdmin: false,
    isEnabled: true,
    isRobot: false,
    generation: 1,
    teamId: undefined,
    createdAt: 0,
    updatedAt: 0,
    lastLoginAt: undefined,
    ...others,
  };
  return {user, passwordHash: passwordHash ?? hashed};
}

export function localProvider(
  users: readonly UserWithPassword[],
  keepHash?: (user: User, hashes: {former: string; next: string}) => Promise<void>,
): LocalProvider {
  return new LocalProvider({
    hasher,
    log: keptLog().log,
    findByName: (name) => Promise.resolve(users.find(({user}) => user.name === name)),
    ...(keepHash ? {keepHash} : {}),
  });
}

export const account = (name: string, others: Partial<Account> = {}): Account => ({
  kind: 'account',
  id: `account-of-${name}`,
  name,
  provider: 'local',
  isAdmin: false,
  isRobot: false,
  generation: 1,
  ...others,
});

const admitAnybody = ({username}: Identity): Promise<Account> => Promise.resolve(account(username));

export interface Frame extends KeptLog {
  readonly logins: Logins;
  readonly chain: ProviderChain;
  readonly cache: CredentialCache;
  /** Milliseconds of the throttle's, the cache's and the tokens' clock. */
  time: number;
  /** From 192.0.2.1, unless another address is given. */
  readonly login: (username: string, password: string, address?: string) => Promise<Login>;
  /** `accepted`, or the reason of the refusal. */
  readonly outcome: (username: string, password: string, address?: string) => Promise<string>;
}

interface FrameOptions extends Partial<LoginsOptions> {
  readonly admit?: ChainOptions['admit'];
  readonly limits?: Partial<ThrottleOptions>;
}

export function frame(
  t: ExecutionContext,
  providers: readonly PasswordProvider[],
  {limits, admit = admitAnybody, ...others}: FrameOptions = {},
): Frame {
  const now = (): number => made.time;
  const cache = others.cache ?? new CredentialCache({now});
  const {log, lines} = keptLog();
  const throttle = new LoginThrottle({
    failures: 10,
    lockFor: 600_000,
    attemptsPerMinute: 60,
    now,
    ...limits,
  });
  const chain = new ProviderChain({providers, admit, outages: new Outages(log), now});
  t.teardown(() => chain.close());
  const logins = new Logins({
    chain,
    findToken: () => Promise.resolve(undefined),
    throttle,
    cache,
    log,
    now,
    ...others,
  });
  const login: Frame['login'] = (username, password, address = '192.0.2.1') =>
    logins.login({username, password, address}, never);
  const made: Frame = {
    logins,
    chain,
    cache,
    log,
    lines,
    time: 1_000_000,
    login,
    async outcome(...args) {
      const result = await login(...args);
      return result.outcome === 'accepted' ? 'accepted' : result.reason;
    },
  };
  return made;
}

/** What stands between a test and an answer that comes later. */
export class Barrier {
  readonly #reached = Promise.withResolvers<undefined>();
  readonly #opened = Promise.withResolvers<undefined>();
  readonly reached: Promise<undefined> = this.#reached.promise;

  async pass(): Promise<void> {
    this.#reached.resolve(undefined);
    await this.#opened.promise;
  }

  open(): void {
    this.#opened.resolve(undefined);
  }
}
