/** One activity of Portus', as it is kept here. */
import {createHash} from 'node:crypto';
import {parseDocument} from 'yaml';
import type {Selectable} from 'kysely';
import type {ActivitiesTable} from '../activity-schema.ts';
import type {MovedPeople} from './moving.ts';
import {lineOf} from './names.ts';
import type {MovedNamespaces} from './namespaces.ts';
import type {MovedRepositories} from './remarks.ts';
import {numberOf, type Row, textOf, timeOf, wordOf} from './row.ts';
import type {MovedTeams} from './teams.ts';

/** What became of all that activities are about. */
export interface Moved {
  readonly source: string;
  readonly people: MovedPeople;
  /** By Portus' ids: those who are not here have a name still. */
  readonly usernames: ReadonlyMap<number, string>;
  readonly teams: MovedTeams;
  readonly namespaces: MovedNamespaces;
  readonly repositories: MovedRepositories;
}

type Activity = Selectable<ActivitiesTable>;

/** In characters: what is longer has no details that anybody reads. */
const longest = 16_384;

/** `undefined`: there is nothing to it. */
export function toActivity(
  row: Row,
  moved: Moved,
  now: number,
): {readonly activity: Activity; readonly isReadable: boolean} | undefined {
  const [id, key] = [numberOf(row, 'id'), wordOf(row, 'key')];
  if (id === undefined || key === undefined) return undefined;
  const parameters = parametersOf(textOf(row, 'parameters') ?? '');
  const details = parameters ?? {text: (textOf(row, 'parameters') ?? '').slice(0, longest)};
  const activity = {
    id: idOf(moved.source, id),
    at: timeOf(row, 'created_text') ?? now,
    key: lineOf(key).slice(0, 64),
    ...actorOf(row, moved, details),
    ...subjectOf(row, moved, details),
    parameters: JSON.stringify(details),
    ...unknownThere,
  };
  return {activity, isReadable: parameters !== undefined};
}

/** What Portus does not write down. */
const unknownThere = {
  outcome: null,
  actor_kind: null,
  namespace_id: null,
  repository: null,
  team_id: null,
  account_id: null,
  address: null,
  credential_kind: null,
  credential_id: null,
  credential_name: null,
  request_id: null,
  times: null,
  seal: null,
} as const;

/** The same for ever. */
const idOf = (source: string, id: number): string =>
  createHash('sha256').update(`${source} activity ${id}`).digest('hex').slice(0, 32);

type Details = Readonly<Record<string, unknown>>;

const detail = (details: Details, ...names: readonly string[]): string =>
  lineOf(names.map((name) => details[name]).find((value) => typeof value === 'string') ?? '');

function actorOf(row: Row, {people, usernames}: Moved, details: Details) {
  const owner = numberOf(row, 'owner_id') ?? -1;
  const isUser = (wordOf(row, 'owner_type') ?? 'User') === 'User';
  const person = isUser ? people.get(owner) : undefined;
  const name = person?.name ?? (isUser ? usernames.get(owner) : undefined);
  return {
    actor_id: person?.id ?? null,
    actor_name: lineOf(name ?? detail(details, 'owner_name', 'username')),
  };
}

/** By Portus' words for what it is about. */
function subjectOf(row: Row, moved: Moved, details: Details) {
  const kind = (wordOf(row, 'trackable_type') ?? '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
  const id = numberOf(row, 'trackable_id') ?? -1;
  const common = {subject_kind: lineOf(kind).slice(0, 32)};
  const named = detail(
    details,
    'name',
    'repository_name',
    'namespace_name',
    'team_name',
    'application',
    'username',
  );
  if (kind === 'namespace') {
    const namespace = moved.namespaces.get(id);
    const name = namespace?.name ?? detail(details, 'namespace_name');
    return {...common, subject_id: namespace?.id ?? null, subject_name: name, namespace: name};
  }
  if (kind === 'repository') {
    const name = moved.repositories.get(id);
    const slash = name?.indexOf('/') ?? -1;
    const namespace =
      name === undefined ? detail(details, 'namespace_name') : name.slice(0, Math.max(0, slash));
    return {...common, subject_id: null, subject_name: name ?? named, namespace};
  }
  const subject =
    kind === 'team' ? moved.teams.get(id) : kind === 'user' ? moved.people.get(id)?.id : undefined;
  const name = kind === 'user' ? (moved.people.get(id)?.name ?? named) : named;
  return {...common, subject_id: subject ?? null, subject_name: name, namespace: null};
}

/** Rails has written them as YAML with symbols for keys, or as JSON. `undefined`: nobody can read them. */
function parametersOf(text: string): Details | undefined {
  if (text.trim() === '') return {};
  if (text.length > longest) return undefined;
  // Tags of Ruby's are passed over: nothing is made of them but text, numbers, lists and maps. No alias is followed.
  const document = parseDocument(text, {logLevel: 'silent', schema: 'core', uniqueKeys: false});
  if (document.errors.length > 0) return undefined;
  let value: unknown;
  try {
    value = document.toJS({maxAliasCount: 0});
  } catch {
    // An alias: nothing of Portus' has one.
    return undefined;
  }
  if (value === null) return {};
  const plain = plainOf(value, 0);
  return isDetails(plain) ? plain : undefined;
}

const isDetails = (value: unknown): value is Details =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const deepest = 5;

/** `:team: foo` is {"team": "foo"}. */
function plainOf(value: unknown, depth: number): unknown {
  if (depth > deepest) return null;
  if (Array.isArray(value)) return value.map((each) => plainOf(each, depth + 1));
  if (isDetails(value)) {
    const entries = Object.entries(value).map(([key, each]) => [
      key.replace(/^:/, ''),
      plainOf(each, depth + 1),
    ]);
    return Object.fromEntries(entries) as unknown;
  }
  if (typeof value === 'string') return value.replace(/^:(?=[a-z_]+$)/, '').toWellFormed();
  return typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
