/** What is not taken over, or not as it was: by its reason, with the names that it is about. */

/** Reasons, each with what people are told of it. */
const reasons = {
  'unreadable-row': 'rows without an id, or of nothing that there is: left out',
  'system-user': "Portus' own account, by which it spoke to its registry: not needed here",
  'user-name':
    'accounts that nothing here can be named after: left out, with what is theirs alone; rename them in Portus, and run this again',
  'user-renamed':
    'accounts with a name that must not begin names of images: they log in by the name behind the arrow',
  'user-clash':
    'accounts whose name somebody else has here: left out, with what is theirs; if it is the same person, say so with --same-person NAME',
  'user-gone': 'accounts that were taken over before, and deleted here since: left so',
  'user-merged':
    'accounts that are here already: they get their teams, tokens and stars; all else stays as it is here',
  'no-email': 'accounts without an e-mail address: taken over without one',
  'password-hash':
    "accounts whose password is no bcrypt hash of a cost up to 14: taken over without a password; set one with 'holdfast user password NAME'",
  'no-provider':
    "accounts of a provider that is not configured here: taken over without a password; set one with 'holdfast user password NAME', or configure the provider and name it with --provider before you import",
  'ldap-not-configured':
    'accounts of a directory, and none is configured here (auth.ldap): they can log in with their tokens alone until then',
  bot: 'bots: taken over as accounts of their own, with their passwords and tokens; no directory is asked about them',
  locked: 'accounts that were locked after wrong passwords: not locked here',
  'team-name':
    'teams whose name can be none here, or is that of another team: taken over under the name behind the arrow',
  'team-ownerless':
    'teams without an owner among those who were taken over: admins look after them',
  membership:
    'memberships of users or teams that were left out, or with a role that there is not: left out',
  'namespace-name': 'namespaces whose name can begin no name of an image: left out',
  'namespace-clash':
    'namespaces whose name another team has here, or that stand there twice: left out, with what is theirs',
  'namespace-ownerless':
    'namespaces of teams that were left out: they belong to the team of the root namespace',
  visibility: 'namespaces without a visibility that there is: private',
  'root-protected': 'names without a slash can not be private as a whole: protected',
  repository:
    'repositories that can have no such name here, or stand in a namespace that was left out: their descriptions, stars and comments are left out',
  'description-present': 'repositories that have another description here: it stays',
  star: 'stars of users or repositories that were left out: left out',
  comment: 'comments that are empty, or on repositories that were left out: left out',
  token: 'application tokens of users who were left out: left out',
  'token-hash':
    'application tokens whose hash is none of bcrypt, or of a cost above 14: left out; their owners make new ones',
  'token-renamed':
    'application tokens with a name that is none here, or stands there twice: taken over under the name behind the arrow',
  webhook:
    'webhooks without an address of http or https, or of namespaces that were left out: left out',
  'webhook-header': 'headers of webhooks that can not be sent: left out',
  'activity-parameters': 'activities whose details can not be read: their text is kept as it is',
  tags: 'tags, with their sizes and digests: read from the storage itself (holdfast reindex); who pushed them, and scans, stay behind',
  deliveries: 'deliveries of webhooks: a record of what was sent, left behind',
  'registry-events':
    'notifications of the registry that wait in a queue: not needed, the storage is read',
  registries:
    'registries: there is one here, itself; let clients keep its name with token.acceptedServices, and http.externalUrl',
} as const;
export type Reason = keyof typeof reasons;

export interface Finding {
  readonly reason: Reason;
  readonly sentence: string;
  readonly count: number;
  /** The first of them. */
  readonly names: readonly string[];
}

/** Of each reason. */
const mostNames = 1000;

export class Findings {
  readonly #found: Map<Reason, {count: number; readonly names: string[]}>;

  /** With what was found `before`; what is added here is not added there. */
  constructor(before?: Findings) {
    const former = [...(before?.list() ?? [])];
    this.#found = new Map(
      former.map(({reason, count, names}) => [reason, {count, names: [...names]}]),
    );
  }

  add(reason: Reason, name?: string): void {
    this.count(reason, 1);
    const names = this.#found.get(reason)?.names;
    if (name !== undefined && names && names.length < mostNames) names.push(shown(name));
  }

  /** Those of which nobody wants the names. */
  count(reason: Reason, number: number): void {
    if (number === 0) return;
    const found = this.#found.get(reason) ?? {count: 0, names: []};
    found.count += number;
    this.#found.set(reason, found);
  }

  list(): readonly Finding[] {
    return [...this.#found].map(([reason, {count, names}]) => ({
      reason,
      sentence: reasons[reason],
      count,
      names,
    }));
  }
}

/** What stood in a foreign database steers no terminal. */
const shown = (name: string): string =>
  name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?').slice(0, 200);
