/** Why something is granted or not. */
import type {Role, Visibility} from '../metadata/words.ts';

/** What a rule says yes by. */
export type Permission =
  | 'admin'
  /** The caller owns the namespace of his own name. */
  | 'own-namespace'
  | 'team-role'
  | 'public'
  | 'protected'
  /** No namespace is registered; the first push makes it. */
  | 'may-create'
  /** One of `namespaces.rules`, or of the policy. */
  | 'name-rule'
  /** The list of repositories holds what the caller may pull, and no more. */
  | 'filtered-list';

/** What a rule says no by. */
export type Refusal =
  | 'no-account'
  | 'not-a-member'
  | 'role-too-low'
  | 'no-namespace'
  /** As `no-namespace`; and nobody else may make that of a person. */
  | 'name-of-another'
  /** As `no-namespace`; and only an admin makes one over repositories that are there already. */
  | 'repositories-without-namespace'
  | 'name-rule-forbids'
  | 'no-name-rule'
  | 'policy-own-name'
  | 'policy-admins-push'
  | 'token-namespaces'
  | 'token-pull-only'
  /** Another registry lists all that it has to whoever may list. */
  | 'unfiltered-list'
  | 'invalid-name'
  | 'unknown-name'
  | 'unknown-action'
  | 'unknown-type';

/** What the rule looked at; absent where it did not come to that. */
interface Concerned {
  /** Of the namespace that the repository belongs to, or that a push would make. */
  readonly namespace?: string;
  readonly visibility?: Visibility;
  /** The name of the team that the namespace belongs to. */
  readonly team?: string;
  /** Of the caller in this team. */
  readonly role?: Role;
  /** The lowest that would do. */
  readonly needs?: Role;
  /** What of a rule about names the repository fits. */
  readonly pattern?: string;
}

export interface Allowed extends Concerned {
  readonly allowed: true;
  readonly rule: Permission;
}

export interface Refused extends Concerned {
  readonly allowed: false;
  readonly rule: Refusal;
}

export type Verdict = Allowed | Refused;

/** About one action of one scope. `*` is allowed where all is; if not, the rule is that of the first action that is refused. */
export type Reason = Verdict & {
  readonly type: string;
  readonly name: string;
  /** As it was asked for. */
  readonly action: string;
  /** Of which the rule speaks: `action`, or one of those that `*` stands for. */
  readonly about: string;
};
