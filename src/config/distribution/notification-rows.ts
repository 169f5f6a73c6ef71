/** Whom Distribution tells of events: Holdfast tells them the same. */
import {isTree, type Tree} from '../tree.ts';
import {parseGoDuration, writtenDuration} from './duration.ts';
import type {Draft, Row} from './row.ts';

const endpoints = 'notifications.endpoints';
const references = 'notifications.events.includereferences';
const actions = ['push', 'pull', 'mount', 'delete'] as const;

const textsIn = (list: unknown): readonly string[] =>
  Array.isArray(list) ? list.filter((each): each is string => typeof each === 'string') : [];

/** As a name must be here. */
function nameOf(name: unknown, at: number): string {
  const text = typeof name === 'string' ? name.toLowerCase() : '';
  const plain = text.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
  return plain.slice(0, 60).replace(/-+$/, '') || `endpoint-${at + 1}`;
}

function headersOf(headers: unknown): Readonly<Record<string, readonly string[]>> {
  if (!isTree(headers)) return {};
  const given = Object.entries(headers).map(
    ([name, values]) => [name, textsIn([values].flat())] as const,
  );
  return Object.fromEntries(given.filter(([, values]) => values.length > 0));
}

/** `undefined`: it has no address. */
function endpointOf(entry: Tree, at: number, hasReferences: boolean): object | undefined {
  const url = typeof entry['url'] === 'string' ? URL.parse(entry['url']) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) return undefined;
  const {username, password} = url;
  url.username = '';
  url.password = '';
  const ignore = isTree(entry['ignore']) ? entry['ignore'] : {};
  const ignored = new Set(textsIn(ignore['actions']));
  const types = [...textsIn(entry['ignoredmediatypes']), ...textsIn(ignore['mediatypes'])];
  const told = actions.filter((action) => !ignored.has(action));
  const timeout = parseGoDuration(entry['timeout']);
  const headers = headersOf(entry['headers']);
  return {
    name: nameOf(entry['name'], at),
    url: url.href,
    ...(entry['disabled'] === true || told.length === 0 ? {enabled: false} : {}),
    ...(ignored.size > 0 && told.length > 0 ? {actions: told} : {}),
    ...(types.length > 0 ? {ignoreMediaTypes: [...new Set(types)]} : {}),
    ...(timeout === undefined || timeout === 0 ? {} : {timeout: writtenDuration(timeout)}),
    ...(Object.keys(headers).length > 0 ? {headers} : {}),
    ...(username === '' ? {} : {username: decodeURIComponent(username)}),
    ...(password === '' ? {} : {password: decodeURIComponent(password)}),
    ...(hasReferences ? {references: true} : {}),
  };
}

function translate(draft: Draft): void {
  const list = draft.value(endpoints);
  if (!Array.isArray(list) || list.length === 0) return;
  const hasReferences = draft.flag(references) === true;
  const entries: readonly unknown[] = list;
  const made = entries.map((entry, at) =>
    isTree(entry) ? endpointOf(entry, at, hasReferences) : undefined,
  );
  if (made.includes(undefined)) {
    draft.warn(endpoints, 'one without an address of http or https is not told of events');
  }
  const sound = made.filter((each) => each !== undefined);
  if (sound.length > 0) draft.set(endpoints, sound, endpoints);
}

export const notificationRows: readonly Row[] = [
  {
    keys: [endpoints, references],
    becomes:
      '`notifications.endpoints`, which are told the same; `threshold` and `backoff` count for nothing.',
    settings: [endpoints],
    translate,
  },
];
