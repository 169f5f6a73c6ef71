/** Accounts of an htpasswd file: names and bcrypt hashes. It is read again whenever it changes, at the next login or half a second later. */
import type {Log} from '../../observability/log.ts';
import type {BcryptThread} from '../bcrypt-thread.ts';
import {isCheckable} from '../password-rules.ts';
import type {Credentials, LoginResult, PasswordProvider} from '../ports.ts';
import {type HtpasswdContent, readHtpasswd, requireHtpasswd, stampOf} from './htpasswd-file.ts';
import {type HtpasswdLines, parseHtpasswd, StandIns} from './htpasswd-lines.ts';

const id = 'htpasswd';
/** Of the lines that let nobody in, so many are told. */
const mostTold = 20;

interface HtpasswdOptions {
  readonly path: string;
  /** Whoever has made it closes it. */
  readonly bcrypt: Pick<BcryptThread, 'compare'>;
  readonly log: Log;
  /** Called when the content has become another, or the file can't be read any more: what was verified with it counts no more. */
  readonly onChange?: () => void;
  readonly now?: () => number;
  /** In ms; 0: the file is looked at by logins alone. */
  readonly pollInterval?: number;
}

/** Rejects with ConfigError where the file is missing or can't be read. */
export async function openHtpasswd(options: HtpasswdOptions): Promise<PasswordProvider> {
  const {path, now = Date.now} = options;
  return new HtpasswdProvider(options, await requireHtpasswd(path, now()));
}

class HtpasswdProvider implements PasswordProvider {
  readonly id = id;
  readonly displayName = 'htpasswd file';
  readonly #path: string;
  readonly #log: Log;
  readonly #onChange: () => void;
  readonly #now: () => number;
  readonly #bcrypt: Pick<BcryptThread, 'compare'>;
  readonly #standIns = new StandIns();
  readonly #timer: NodeJS.Timeout | undefined;
  #content: HtpasswdContent;
  #lines: HtpasswdLines;
  #isFailing = false;

  constructor(
    {
      path,
      bcrypt,
      log,
      onChange = () => undefined,
      now = Date.now,
      pollInterval = 500,
    }: HtpasswdOptions,
    content: HtpasswdContent,
  ) {
    this.#path = path;
    this.#bcrypt = bcrypt;
    this.#log = log;
    this.#onChange = onChange;
    this.#now = now;
    this.#content = content;
    this.#lines = parseHtpasswd(content.text);
    this.#tell([]);
    if (pollInterval > 0) {
      this.#timer = setInterval(() => {
        // #current has told why it failed.
        this.#current().catch(() => undefined);
      }, pollInterval);
      this.#timer.unref();
    }
  }

  async login({username, password}: Credentials, signal: AbortSignal): Promise<LoginResult> {
    const lines = await this.#current();
    const own = lines.hashes.get(username);
    const matches = await this.#compare(
      password,
      own ?? this.#standIns.of(lines, username),
      signal,
    );
    if (!lines.hashes.has(username)) return {outcome: 'not-accepted'};
    if (own === undefined || !matches) return {outcome: 'rejected', reason: 'bad-credentials'};
    return {
      outcome: 'accepted',
      identity: {provider: id, subject: username, username},
    };
  }

  async pretend({username, password}: Credentials, signal: AbortSignal): Promise<void> {
    await this.#compare(password, this.#standIns.of(this.#lines, username), signal);
  }

  async knows(subject: string): Promise<boolean> {
    return (await this.#current()).hashes.has(subject);
  }

  async hasName(username: string): Promise<boolean> {
    return (await this.#current()).hashes.has(username);
  }

  async check(_signal: AbortSignal): Promise<void> {
    await this.#current();
  }

  close(): Promise<void> {
    clearInterval(this.#timer);
    return Promise.resolve();
  }

  async #compare(
    password: string,
    hash: string | undefined,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (hash === undefined || !isCheckable(password)) return false;
    return this.#bcrypt.compare(password, hash, signal);
  }

  /** What stands in the file now. Rejects where it can't be read: who was let in by it yesterday may not be in it any more. */
  async #current(): Promise<HtpasswdLines> {
    try {
      const {stamp, isSettled} = this.#content;
      if (this.#isFailing || !isSettled || (await stampOf(this.#path)) !== stamp) {
        this.#adopt(await readHtpasswd(this.#path, this.#now()));
      }
      return this.#lines;
    } catch (cause) {
      const error = new Error(`the htpasswd file ${this.#path} can't be read`, {cause});
      if (!this.#isFailing) {
        this.#isFailing = true;
        this.#log.error({err: error}, 'htpasswd file unreadable');
        this.#onChange();
      }
      throw error;
    }
  }

  #adopt(content: HtpasswdContent): void {
    const isNew = content.text !== this.#content.text;
    this.#content = content;
    this.#isFailing = false;
    if (!isNew) return;
    const told = this.#lines.bad.map(({fingerprint}) => fingerprint);
    this.#lines = parseHtpasswd(content.text);
    this.#log.info({path: this.#path, names: this.#lines.hashes.size}, 'htpasswd file read again');
    this.#tell(told);
    this.#onChange();
  }

  /** Lines that let nobody in, each once. */
  #tell(told: readonly string[]): void {
    const known = new Set(told);
    const news = this.#lines.bad.filter(({fingerprint}) => !known.has(fingerprint));
    for (const {line, problem} of news.slice(0, mostTold)) {
      this.#log.warn({path: this.#path, line, problem}, 'htpasswd line lets nobody in');
    }
    const untold = news.length - mostTold;
    if (untold > 0) {
      this.#log.warn({path: this.#path, lines: untold}, 'more htpasswd lines let nobody in');
    }
  }
}
