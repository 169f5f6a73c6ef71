/** A request as a line of the access log. Nothing that a client sends ends the line, or a word in it, and no secret of a query is told. */
import {censored, harmless, withoutTokens} from './redact.ts';

export interface AccessEntry {
  /** When it came. */
  readonly at: Date;
  readonly client: string;
  /** `undefined`: nobody. */
  readonly user: string | undefined;
  readonly method: string;
  /** As it was asked for, with its query. */
  readonly target: string;
  /** `1.1` */
  readonly httpVersion: string;
  readonly route: string;
  readonly status: number;
  /** Of the body of the answer. */
  readonly bytes: number;
  readonly ms: number;
  readonly referrer: string;
  readonly userAgent: string;
  readonly requestId: string;
}

/** In characters: a head may have 64 KiB. */
const longestTarget = 4096;
const longestHeader = 1024;

/** What clients of registries ask with, and pages of lists. Of others, such as states and codes of sign-ins, nobody knows that they are no secrets. */
const harmlessParameters = new Set([
  'account',
  'artifactType',
  'client_id',
  'digest',
  'digest-algorithm',
  'from',
  'last',
  'limit',
  'mount',
  'n',
  'offline_token',
  'page',
  'q',
  'scope',
  'service',
  'sort',
]);

/** `/v2/a?n=1&_state=[redacted]` */
function shownTarget(target: string): string {
  const [path = '', query] = target.slice(0, longestTarget).split(/\?(.*)/s);
  if (query === undefined) return path;
  const shown = query.split('&').map((parameter) => {
    const [, name = ''] = /^([\w.-]{1,64})(?:=|$)/.exec(parameter) ?? [];
    if (harmlessParameters.has(name)) return parameter;
    return parameter.includes('=') && name !== '' ? `${name}=${censored}` : censored;
  });
  return `${path}?${shown.join('&')}`;
}

/** The page alone: what it was asked with may be a secret of that page. */
const shownReferrer = (referrer: string): string =>
  referrer.split(/[?#]/, 1)[0]?.slice(0, longestHeader) ?? '';

/** What a client may have put a token into, without it. */
const textsOf = ({target, referrer, userAgent}: AccessEntry) => ({
  target: withoutTokens(shownTarget(target)),
  referrer: withoutTokens(shownReferrer(referrer)),
  userAgent: withoutTokens(userAgent.slice(0, longestHeader)),
});

/** One line of JSON, with its line break. */
export function jsonLine(entry: AccessEntry): string {
  const {at, client, user, method, httpVersion, route, status, bytes, ms, requestId} = entry;
  const {target, referrer, userAgent} = textsOf(entry);
  const fields = {
    time: at.toISOString(),
    client,
    ...(user ? {user} : {}),
    method,
    target,
    protocol: `HTTP/${httpVersion}`,
    route,
    status,
    bytes,
    ms: Math.round(ms * 10) / 10,
    ...(referrer === '' ? {} : {referrer}),
    ...(userAgent === '' ? {} : {userAgent}),
    requestId,
  };
  return `${harmless(JSON.stringify(fields))}\n`;
}

/** The Combined Log Format of Apache and nginx, with its line break. */
export function combinedLine(entry: AccessEntry): string {
  const {at, client, user = '', method, httpVersion, status, bytes} = entry;
  const {target, referrer, userAgent} = textsOf(entry);
  const request = `${method} ${target} HTTP/${httpVersion}`;
  const who = `${bare(client)} - ${bare(user)} [${localTime(at)}]`;
  return `${who} ${quoted(request)} ${status} ${bytes} ${quoted(referrer)} ${quoted(userAgent)}\n`;
}

/** As nginx writes them: readers that know no escapes find the right quote, too. */
const hex = (character: string): string =>
  [...Buffer.from(character)]
    .map((byte) => `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');

const bare = (text: string): string =>
  text === '' ? '-' : text.replaceAll(/[^\x21-\x7e]|["\\]/gu, hex);

const quoted = (text: string): string =>
  text === '' ? '"-"' : `"${text.replaceAll(/[^\x20-\x7e]|["\\]/gu, hex)}"`;

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');

/** `10/Oct/2030:13:55:36 -0700` */
function localTime(at: Date): string {
  const date = `${two(at.getDate())}/${months[at.getMonth()] ?? ''}/${at.getFullYear()}`;
  const time = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  const offset = -at.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.abs(offset) / 60)}${two(Math.abs(offset) % 60)}`;
  return `${date}:${time} ${zone}`;
}
