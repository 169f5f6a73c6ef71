/** Asks the facts, decides, and does what the decision says is to be made. */
import type {Clock} from '../host/clock.ts';
import {insertActivities} from '../metadata/activities.ts';
import type {Database} from '../metadata/database.ts';
import type {OwnedNamespace} from '../metadata/access-facts.ts';
import {createNamespace, findNamespacesOf} from '../metadata/namespaces.ts';
import {changing} from '../metadata/revisions.ts';
import {findTeamByName} from '../metadata/teams.ts';
import {personalTeamName} from '../metadata/team-name.ts';
import type {Log} from '../observability/log.ts';
import {parseRepositoryName, type RepositoryName} from '../oci/name.ts';
import type {Scope} from '../oci/scope.ts';
import {doerOf, type Origin} from './activities/origin.ts';
import {decide, type Decision} from './authorize.ts';
import type {Account, Caller} from './caller.ts';
import {type FactReader, type Facts, readAllFacts, readFacts} from './facts.ts';
import {namespaceFinder} from './namespace-tree.ts';
import {nameUnknown} from './login-unavailable.ts';
import type {FindNameElsewhere} from './names-elsewhere.ts';
import type {Reason} from './reason.ts';
import {type Visible, visibleTo, visibleToRuler} from './visible.ts';

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
  readonly #finders = new WeakMap<
    Facts['namespaces'],
    ReturnType<typeof namespaceFinder<OwnedNamespace>>
  >();

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

  /** Which repositories of a list he may see, as it was a moment ago at most. */
  async visible(caller: Caller): Promise<Visible> {
    const everything = visibleToRuler(caller);
    if (everything) return everything;
    const facts = await readAllFacts(this.#options.knownFacts, caller);
    return visibleTo(facts, caller, this.#finderOf(facts.namespaces));
  }

  /** A tree of a hundred thousand namespaces takes longer than the list that is asked for. */
  #finderOf(namespaces: Facts['namespaces']): ReturnType<typeof namespaceFinder<OwnedNamespace>> {
    const finder = this.#finders.get(namespaces) ?? namespaceFinder(namespaces);
    this.#finders.set(namespaces, finder);
    return finder;
  }

  /** Whether he may see this one. */
  async sees(caller: Caller, name: RepositoryName): Promise<boolean> {
    const {facts, knownFacts} = this.#options;
    const read = async (reader: FactReader): Promise<boolean> => {
      const pull = repositoryScope(name, 'pull');
      const visible = visibleTo(await readFacts(reader, caller, [pull], true), caller);
      return visible !== 'none' && visible.has(name);
    };
    // What was given a moment ago counts at once.
    return (await read(knownFacts)) || read(facts);
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
  async prepare(
    caller: Account,
    name: RepositoryName,
    origin?: Origin,
  ): Promise<Reason | undefined> {
    const push = repositoryScope(name, 'push');
    const {reasons, creates} = await this.decide(caller, [push]);
    const refused = reasons.find(({allowed}) => !allowed);
    if (refused || creates.length === 0) return refused;
    for (const namespace of creates) {
      const taken = await this.#nameOfAnother(caller, namespace, push);
      if (taken) return taken;
      await this.#create(caller, parseRepositoryName(namespace), origin);
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

  async #create(caller: Account, name: RepositoryName, origin?: Origin): Promise<void> {
    const {db, log, now, onChange} = this.#options;
    const team = await findTeamByName(db, personalTeamName(caller.name));
    if (!team) return;
    const time = now().getTime();
    const made = await changing(db, async (turn) => {
      const fields = {name, teamId: team.id, visibility: 'private', now: time} as const;
      const namespace = await createNamespace(turn, fields);
      if (typeof namespace === 'string') return namespace;
      const {id} = namespace;
      const activity = {
        ...origin,
        at: time,
        key: 'namespace.create',
        actor: doerOf(caller),
        subject: {kind: 'namespace', id, name},
        namespace: {id, name},
        teamId: team.id,
        parameters: {by: 'push', team: team.name, visibility: 'private'},
      };
      await insertActivities(turn, [activity]);
      return namespace;
    });
    // Be it made by somebody else: what was known is known no more.
    onChange();
    if (typeof made === 'string') return;
    log.info({namespace: name, account: caller.id}, 'namespace made by a push');
  }
}
