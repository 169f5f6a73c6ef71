/** The address of a database server, as metadata.url writes it. */
import {isLoopbackHost} from './loopback.ts';

export interface DatabaseAddress {
  readonly engine: 'mariadb' | 'postgres';
  readonly user: string;
  readonly password: string | undefined;
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  /** The path of a Unix socket, in place of host and port. */
  readonly socket: string | undefined;
  readonly database: string;
}

const engines: Readonly<Record<string, DatabaseAddress['engine']>> = {
  'mariadb:': 'mariadb',
  'mysql:': 'mariadb',
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
};

const standardPorts = {mariadb: 3306, postgres: 5432} as const;

const databaseUrlForm =
  'mariadb://USER@HOST[:PORT]/NAME or postgres://USER@HOST[:PORT]/NAME, with ?socket=/PATH for a Unix socket';

/** A sentence tells what is wrong, and repeats nothing: a password may stand in what was given. */
export function parseDatabaseUrl(text: string): DatabaseAddress | string {
  const url = URL.parse(text);
  const engine = engines[url?.protocol ?? ''];
  if (!url || engine === undefined) return `must be ${databaseUrlForm}`;
  let parts;
  try {
    parts = {
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)),
    };
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return 'has a % that is followed by no two hexadecimal digits; % itself is written %25';
  }
  const {user, password, database} = parts;
  const socket = url.searchParams.get('socket') ?? undefined;
  const isStrange = [...url.searchParams.keys()].some((key) => key !== 'socket');
  if (isStrange || url.hash !== '') return `must have nothing behind NAME but ?socket=/PATH`;
  if (/\p{Cc}/u.test(user + password + database + (socket ?? ''))) {
    return 'must have no control characters';
  }
  if (url.hostname === '') return `must name a host (localhost for a socket): ${databaseUrlForm}`;
  if (user === '') return `must name a user: ${databaseUrlForm}`;
  if (database === '' || database.includes('/')) return `must name a database: ${databaseUrlForm}`;
  if (socket?.startsWith('/') === false)
    return 'must have the whole path of the socket: ?socket=/PATH';
  return {
    engine,
    user,
    password: password === '' ? undefined : password,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? standardPorts[engine] : Number(url.port),
    socket,
    database,
  };
}

/** As people are told it: without the password. */
export function describeAddress(address: DatabaseAddress): string {
  const {engine, user, host, port, socket, database} = address;
  const shownHost = host.includes(':') ? `[${host}]` : host;
  const place = socket === undefined ? `${shownHost}:${port}` : shownHost;
  const end = socket === undefined ? '' : `?socket=${socket}`;
  return `${engine}://${encodeURIComponent(user)}@${place}/${encodeURIComponent(database)}${end}`;
}

/** Of this host: nobody listens in between. */
export const isLoopback = ({host, socket}: Pick<DatabaseAddress, 'host' | 'socket'>): boolean =>
  socket !== undefined || isLoopbackHost(host);

/** What stands between the user and the last @, in whatever looks like a URL. */
export const withoutUrlPassword = (text: string, hidden: string): string =>
  text.replace(/^([a-z][a-z0-9+.-]*:\/\/[^:@/]*):.*@/is, `$1:${hidden}@`);
