/**
 * How there comes to be an admin without the command line: by a password in the configuration, or by whoever has the code that the start
 * keeps in a file for the server's user alone. Logins of docker and its like never make one.
 */
import {randomBytes} from 'node:crypto';
import {join} from 'node:path';
import {ConfigError} from '../config/fault.ts';
import type {Config} from '../config/schema.ts';
import type {Clock} from '../host/clock.ts';
import {insertActivities} from '../metadata/activities.ts';
import {createPerson, type NewPerson} from '../metadata/accounts.ts';
import {claimFirstAdmin, isFirstAdminClaimed} from '../metadata/claims.ts';
import type {Database} from '../metadata/database.ts';
import {changing} from '../metadata/revisions.ts';
import {countPeople, type User} from '../metadata/users.ts';
import type {Log} from '../observability/log.ts';
import {parseUserName, type UserName} from '../oci/user-name.ts';
import {publish, remove, secretMode} from '../host/durable-file.ts';
import {readIfThere} from '../tls/read-text.ts';
import type {ActivityNotes} from './activities/notes.ts';
import {type Origin, ofOwn, system} from './activities/origin.ts';
import {clientNetwork} from './client-network.ts';
import {FailureCounter} from './failure-counter.ts';
import type {FindNameElsewhere} from './names-elsewhere.ts';
import type {PasswordHasher} from './password-hash.ts';
import {passwordFault} from './password-rules.ts';
import {isSameSecret} from './secret-token.ts';

interface FirstAdminOptions {
  readonly db: Database['db'];
  readonly hasher: PasswordHasher;
  readonly config: Pick<Config, 'admin'>;
  /** The directory run/, of mode 0700. */
  readonly directory: string;
  readonly onChange: () => void;
  readonly findNameElsewhere: FindNameElsewhere;
  readonly log: Log;
  /** Who hears of wrong codes. */
  readonly notes?: Pick<ActivityNotes, 'note'>;
  readonly now: Clock;
}

export interface SetupState {
  readonly hasAdmin: boolean;
  /** What makes somebody the admin; absent where there is one, or nobody is asked for a code. */
  readonly code?: {readonly text: string; readonly file: string};
}

export type SetupRefusal =
  /** There has been an admin: it is over, for good. */
  | {readonly outcome: 'over'}
  | {readonly outcome: 'wrong-code'}
  /** In seconds. */
  | {readonly outcome: 'limited'; readonly retryAfter: number}
  /** An account, or a namespace, has the name. */
  | {readonly outcome: 'taken'};

export type Setup = {readonly outcome: 'done'; readonly user: User} | SetupRefusal;

export interface CodeAttempt {
  readonly code: string | undefined;
  readonly origin: Origin;
}

const codeName = 'setup-code';
/** Of the account that the configuration makes. */
const configuredName = 'admin';
/** Without what is mistaken for another: 5 bits each, so that 20 are 100 bits. */
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const form = /^[A-HJ-NP-Z2-9]{5}(-[A-HJ-NP-Z2-9]{5}){3}$/;
/** Wrong codes of an address within that time, in ms. */
const mostFailures = 10;
const failuresCountFor = 600_000;

export class FirstAdmin {
  readonly #options: FirstAdminOptions;
  readonly #file: string;
  readonly #failures: FailureCounter;
  /** There is an admin, and no file any more. */
  #isOver = false;

  constructor(options: FirstAdminOptions) {
    this.#options = options;
    this.#file = join(options.directory, codeName);
    this.#failures = new FailureCounter({most: 10_000, now: () => options.now().getTime()});
  }

  /**
   * At the start: makes the account that the configuration asks for, then the code, where there is still no admin. A code that is there
   * stays, so that processes of one directory have the same.
   */
  async prepare(): Promise<SetupState> {
    await this.#makeConfigured();
    if (await isFirstAdminClaimed(this.#options.db)) {
      await remove(this.#file);
      return {hasAdmin: true};
    }
    if (this.#options.config.admin.firstLogin === 'open') return {hasAdmin: false};
    return {hasAdmin: false, code: {text: await this.#ensureCode(), file: this.#file}};
  }

  /** Whether it is over, for good. */
  async isOver(): Promise<boolean> {
    return isFirstAdminClaimed(this.#options.db);
  }

  /** A new account, the admin. */
  async create(
    attempt: CodeAttempt,
    {name, password}: {readonly name: UserName; readonly password: string},
  ): Promise<Setup> {
    const refusal = await this.#refusal(attempt);
    if (refusal) return refusal;
    const {db, hasher, findNameElsewhere} = this.#options;
    if ((await findNameElsewhere(name))?.isCertain === true) return {outcome: 'taken'};
    const passwordHash = await hasher.hash(password);
    const user = await changing(db, async (turn) => {
      if (await isFirstAdminClaimed(turn)) return 'over';
      return this.#make(turn, {name, passwordHash, by: 'setup', origin: attempt.origin});
    });
    if (user === 'over') return {outcome: 'over'};
    if (typeof user === 'string') return {outcome: 'taken'};
    await this.#claimed(user.name);
    return {outcome: 'done', user};
  }

  /** An account that has just logged in becomes the admin. */
  async claim(
    attempt: CodeAttempt,
    user: Pick<User, 'id' | 'name'>,
  ): Promise<'done' | SetupRefusal> {
    const refusal = await this.#refusal(attempt);
    if (refusal) return refusal;
    const {db, now} = this.#options;
    const at = now().getTime();
    const isClaimed = await changing(db, async (turn) => {
      if (!(await claimFirstAdmin(turn, {id: user.id, now: at}))) return false;
      const {origin} = attempt;
      const activity = {at, key: 'user.make_admin', origin, parameters: {by: 'setup'}};
      await insertActivities(turn, [ofOwn({...user, isRobot: false}, activity)]);
      return true;
    });
    if (!isClaimed) return {outcome: 'over'};
    await this.#claimed(user.name);
    return 'done';
  }

  async #make(
    turn: Database['db'],
    {
      by,
      origin,
      ...person
    }: Pick<NewPerson, 'name' | 'passwordHash'> & {
      readonly by: 'setup' | 'configuration';
      readonly origin?: Origin;
    },
  ): Promise<User | 'taken' | 'namespace-taken'> {
    const at = this.#options.now().getTime();
    const made = await createPerson(turn, {...person, admin: 'if-first', now: at});
    if (typeof made === 'string') return made;
    const doer = by === 'setup' ? {} : {by: system};
    const parameters = {by, admin: made.isAdmin};
    const activity = ofOwn(made, {at, key: 'user.create', origin, parameters, ...doer});
    await insertActivities(turn, [activity]);
    return made;
  }

  async #refusal({code, origin}: CodeAttempt): Promise<SetupRefusal | undefined> {
    const {db, config, log} = this.#options;
    if (await isFirstAdminClaimed(db)) {
      // Where another process was the one; not each time, as anybody may ask.
      if (!this.#isOver) await remove(this.#file);
      this.#isOver = true;
      return {outcome: 'over'};
    }
    if (config.admin.firstLogin === 'open') return undefined;
    const {address = ''} = origin;
    const network = clientNetwork(address);
    if (this.#failures.count(network) >= mostFailures) {
      const retryAfter = Math.max(1, Math.ceil(this.#failures.remaining(network) / 1000));
      return {outcome: 'limited', retryAfter};
    }
    // Before anything is waited for: a thousand guesses at once must not all pass.
    this.#failures.add(network, failuresCountFor, {renewed: false});
    const expected = await this.#ensureCode();
    if (code !== undefined && isSameSecret(plain(code), plain(expected))) {
      this.#failures.clear(network);
      return undefined;
    }
    log.warn({address}, 'wrong code for the first admin');
    this.#options.notes?.note({
      ...origin,
      key: 'login.failed',
      actor: {kind: 'anonymous', name: ''},
      subject: {kind: 'setup', name: 'first admin'},
      parameters: {reason: 'wrong-code'},
      outcome: 'failed',
    });
    return {outcome: 'wrong-code'};
  }

  async #makeConfigured(): Promise<void> {
    const {db, hasher, config, log, onChange, findNameElsewhere} = this.#options;
    const {password} = config.admin;
    const name = parseUserName(configuredName);
    if (password === undefined || name === undefined || (await countPeople(db)) > 0) return;
    const fault = passwordFault(password);
    if (fault !== undefined) throw new ConfigError([{path: 'admin.password', message: fault}]);
    const elsewhere = await findNameElsewhere(name);
    if (elsewhere?.isCertain === true) {
      const message = `makes the account ${name}, who is somebody in ${elsewhere.source} already and would be locked out: take the setting out, and make the admin with: holdfast user create NAME --admin`;
      throw new ConfigError([{path: 'admin.password', message}]);
    }
    const passwordHash = await hasher.hash(password);
    const user = await changing(db, async (turn) => {
      if ((await countPeople(turn)) > 0) return 'over';
      return this.#make(turn, {name, passwordHash, by: 'configuration'});
    });
    if (user === 'namespace-taken') {
      log.warn({username: name}, 'admin not made, a namespace has the name');
    }
    if (typeof user === 'string') return;
    onChange();
    log.info({username: user.name}, 'admin made as the configuration says');
  }

  async #claimed(username: string): Promise<void> {
    this.#options.onChange();
    await remove(this.#file);
    this.#options.log.info({username}, 'first admin made');
  }

  async #ensureCode(): Promise<string> {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const text = (await readIfThere(this.#file))?.trim();
      if (text !== undefined && form.test(text)) return text;
      if (text !== undefined) await remove(this.#file);
      await publish(this.#file, `${newCode()}\n`, secretMode);
    }
    throw new Error(`${this.#file} does not stay as it is written`);
  }
}

const plain = (code: string): string => code.replaceAll(/[-\s]/g, '').toUpperCase();

function newCode(): string {
  const all = Array.from(randomBytes(20), (byte) => letters.charAt(byte % letters.length)).join('');
  return all.replaceAll(/.{5}(?!$)/g, '$&-');
}
