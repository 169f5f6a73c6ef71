/** Accounts that people make by themselves, where that is on. */
import type {Config} from '../config/schema.ts';
import type {Clock} from '../host/clock.ts';
import {createPerson} from '../metadata/accounts.ts';
import {insertActivities} from '../metadata/activities.ts';
import type {Database} from '../metadata/database.ts';
import {changing} from '../metadata/revisions.ts';
import type {User} from '../metadata/users.ts';
import type {Log} from '../observability/log.ts';
import type {UserName} from '../oci/user-name.ts';
import {type Origin, ofOwn} from './activities/origin.ts';
import {clientNetwork} from './client-network.ts';
import type {IsOccupied} from './fact-sources.ts';
import {FailureCounter} from './failure-counter.ts';
import type {FindNameElsewhere} from './names-elsewhere.ts';
import {nameUnknown} from './login-unavailable.ts';
import type {PasswordHasher} from './password-hash.ts';

interface SignUpOptions {
  readonly db: Database['db'];
  readonly hasher: PasswordHasher;
  readonly config: Pick<Config, 'admin' | 'auth'>;
  readonly isOccupied: IsOccupied;
  readonly findNameElsewhere: FindNameElsewhere;
  readonly onChange: () => void;
  readonly log: Log;
  readonly now: Clock;
}

interface NewAccount {
  readonly name: UserName;
  readonly password: string;
  readonly email?: string | undefined;
}

type SignedUp =
  | {readonly outcome: 'done'; readonly user: User}
  /** In seconds. */
  | {readonly outcome: 'limited'; readonly retryAfter: number};

/** Attempts of an address within that time, in ms: each costs a slow hash, and tells whether a name is taken. */
const mostAttempts = 20;
const attemptsCountFor = 3_600_000;

export class SignUp {
  readonly #options: SignUpOptions;
  readonly #attempts: FailureCounter;

  constructor(options: SignUpOptions) {
    this.#options = options;
    this.#attempts = new FailureCounter({most: 10_000, now: () => options.now().getTime()});
  }

  get isOn(): boolean {
    return this.#options.config.auth.signUp;
  }

  /** The first one is the admin only where nobody is asked for a code. Rejects with LoginUnavailable where nobody can say whose the name is. */
  async create(account: NewAccount, origin: Origin): Promise<SignedUp | 'taken'> {
    const {db, hasher, config, isOccupied, findNameElsewhere, onChange, log, now} = this.#options;
    const {address = ''} = origin;
    const network = clientNetwork(address);
    if (this.#attempts.count(network) >= mostAttempts) {
      const retryAfter = Math.max(1, Math.ceil(this.#attempts.remaining(network) / 1000));
      return {outcome: 'limited', retryAfter};
    }
    this.#attempts.add(network, attemptsCountFor, {renewed: false});
    const {password, ...person} = account;
    // Of a tree that was taken over, or of somebody who was deleted: a stranger would get all of it with the name.
    if (await isOccupied(person.name)) return 'taken';
    const elsewhere = await findNameElsewhere(person.name);
    if (elsewhere?.isCertain === true) return 'taken';
    if (elsewhere) throw nameUnknown(person.name, elsewhere.source);
    const passwordHash = await hasher.hash(password);
    const at = now().getTime();
    const admin = config.admin.firstLogin === 'open' ? 'if-first' : 'no';
    const user = await changing(db, async (turn) => {
      const made = await createPerson(turn, {...person, passwordHash, admin, now: at});
      if (typeof made === 'string') return made;
      const parameters = {by: 'sign-up', admin: made.isAdmin};
      await insertActivities(turn, [ofOwn(made, {at, key: 'user.create', origin, parameters})]);
      return made;
    });
    if (typeof user === 'string') return 'taken';
    onChange();
    log.info({username: user.name, address}, 'account made by sign-up');
    return {outcome: 'done', user};
  }
}
