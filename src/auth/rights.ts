/** Asks the facts, decides, and does what the decision says is to be made. */
import type {Clock} from '../host/clock.ts';
import type {Database} from '../metadata/database.ts';
import {createNamespace, findNamespacesOf} from '../metadata/namespaces.ts';
import {findTeamByName} from '../metadata/teams.ts';
import {personalTeamName} from '../metadata/team-name.ts';
import type {Log} from '../observability/log.ts';
import {parseRepositoryName, type RepositoryName} from '../oci/name.ts';
import type {Scope} from '../oci/scope.ts';
import {decide, type Decision} from './authorize.ts';
import type {Account, Caller} from './caller.ts';
import {type FactReader, readAllFacts, readFacts} from './facts.ts';
import {nameUnknown} from './login-unavailable.ts';
import type {FindNameElsewhere} from './names-elsewhere.ts';
import type {Reason} from './reason.ts';
import {type Visible, visibleTo} from './visible.ts';

interface RightsOptions {
  readonly db: Database['db'];
  /** As they are now. */
  readonly facts: FactReader;
  /** As they were a moment ago, at most. */
  readonly knownFacts: FactReader;
  readonly log: Log;
  readonly now: Clock;
  readonly findNameElsewhere: FindNameElsewhere;
  /** A namespace was made. */
  readonly onChange: () => void;
}

/** Of the words of a scope: `repository:NAME:ACTION`. */
export const repositoryScope = (name: string, ...actions: readonly string[]): Scope => ({
  type: 'repository',
  name,
  actions,
});

export class Rights {
  readonly #options: RightsOptions;

  constructor(options: RightsOptions) {
    this.#options = options;
  }

  async decide(caller: Caller, scopes: readonly Scope[], isOwnService = true): Promise<Decision> {
    const {facts, knownFacts} = this.#options;
    const read = async (reader: FactReader): Promise<Decision> =>
      decide(await readFacts(reader, caller, scopes, isOwnService), caller, scopes);
    const decision = await read(knownFacts);
    // What was given a moment ago counts at once; what was taken, within a second.
    return decision.reasons.every(({allowed}) => allowed) ? decision : read(facts);
  }

  /** Why not; `undefined`: he may. */
  async refusal(caller: Caller, scope: Scope): Promise<Reason | undefined> {
    const {reasons} = await this.decide(caller, [scope]);
    return reasons.find(({allowed}) => !allowed);
  }

  /** Which repositories of a list he may see. */
  async visible(caller: Caller): Promise<Visible> {
    return visibleTo(await readAllFacts(this.#options.facts, caller), caller);
  }

  /** To which namespace a repository belongs; `undefined`: to none yet. */
  async namespaceOf(name: RepositoryName): Promise<string | undefined> {
    const [nearest] = await findNamespacesOf(this.#options.db, name);
    return nearest?.name;
  }

  /**
   * Before a push: makes the namespace where the first push makes it. The reason why he may not push any more, where that is so: somebody
   * else may have made it first, or it is that of somebody who has not logged in yet. Rejects with LoginUnavailable where nobody can say.
   */
  async prepare(caller: Account, name: RepositoryName): Promise<Reason | undefined> {
    const push = repositoryScope(name, 'push');
    const {reasons, creates} = await this.decide(caller, [push]);
    const refused = reasons.find(({allowed}) => !allowed);
    if (refused || creates.length === 0) return refused;
    for (const namespace of creates) {
      const taken = await this.#nameOfAnother(caller, namespace, push);
      if (taken) return taken;
      await this.#create(caller, parseRepositoryName(namespace));
    }
    // Of racers one has made it, and it is his: the others hear now whether they may push to it.
    return this.refusal(caller, push);
  }

  async #nameOfAnother(
    caller: Account,
    namespace: string,
    {type, name}: Scope,
  ): Promise<Reason | undefined> {
    if (caller.isAdmin || namespace === caller.name) return undefined;
    const elsewhere = await this.#options.findNameElsewhere(namespace);
    if (!elsewhere) return undefined;
    if (!elsewhere.isCertain) throw nameUnknown(namespace, elsewhere.source);
    const push = {type, name, action: 'push', about: 'push'};
    return {...push, allowed: false, rule: 'name-of-another', namespace};
  }

  async #create(caller: Account, name: RepositoryName): Promise<void> {
    const {db, log, now, onChange} = this.#options;
    const team = await findTeamByName(db, personalTeamName(caller.name));
    if (!team) return;
    const time = now().getTime();
    const made = await createNamespace(db, {
      name,
      teamId: team.id,
      visibility: 'private',
      now: time,
    });
    // Be it made by somebody else: what was known is known no more.
    onChange();
    if (typeof made === 'string') return;
    log.info({namespace: name, account: caller.id}, 'namespace made by a push');
  }
}
