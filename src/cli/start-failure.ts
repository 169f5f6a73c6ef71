/** Why the registry did not start, and what to do about it. */
import {dirname} from 'node:path';
import {type DataPaths, dataPaths} from '../config/data-directory.ts';
import type {Config} from '../config/schema.ts';
import {quoted} from '../config/tree-check.ts';
import {MetadataError} from '../metadata/metadata-error.ts';
import {StorageError} from '../storage/driver.ts';
import {Failure} from './failure.ts';

interface ListenError extends Error {
  readonly code: string;
  readonly address?: string;
  readonly port?: number;
  readonly hostname?: string;
}

const isListenError = (error: unknown): error is ListenError =>
  error instanceof Error && 'code' in error && 'syscall' in error;

/** The system's error may be wrapped, or be one of several. */
function find(error: unknown): ListenError | undefined {
  if (isListenError(error)) return error;
  if (error instanceof AggregateError) {
    return error.errors.map(find).find((found) => found !== undefined);
  }
  return error instanceof Error && error.cause !== undefined ? find(error.cause) : undefined;
}

const holder = (port: number): string =>
  process.platform === 'linux'
    ? `ss -ltnp 'sport = :${port}'`
    : `lsof -nP -iTCP:${port} -sTCP:LISTEN`;

/** Where there is no room; `undefined`: that is not what is wrong. */
function fullPlace(error: unknown, {root, registry, database}: Places): string | undefined {
  const isKnown = error instanceof StorageError || error instanceof MetadataError;
  const code = find(error)?.code;
  const isFull = (isKnown && error.kind === 'full') || code === 'ENOSPC' || code === 'EDQUOT';
  if (!isFull) return undefined;
  if (error instanceof StorageError) return registry;
  if (!(error instanceof MetadataError)) return root;
  return error.code?.startsWith('SQLITE_') === false ? undefined : dirname(database);
}

type Places = Pick<DataPaths, 'root' | 'registry' | 'database'>;

interface Circumstances {
  readonly underNpm: boolean;
  readonly config: Config;
  /** Of the command line, without the program. */
  readonly words: readonly string[];
}

/** The setting that names the address. */
function settingOf({http, token, metrics}: Config, address: string, port: number): string {
  const settings = Object.entries({
    'http.listen': http.listen,
    'token.listen': token.listen,
    'metrics.listen': metrics.listen,
  });
  const ofPort = settings.filter(([, places]) => places.some((place) => place.port === port));
  const exact = ofPort.find(([, places]) => places.some(({host}) => host === address));
  return (exact ?? ofPort[0])?.[0] ?? 'http.listen';
}

/** The command again, with another address; only those of http.listen are flags. */
function remedyFor(setting: string, place: string, {underNpm, words}: Circumstances): string {
  if (setting !== 'http.listen') {
    const variable = `HOLDFAST_${setting.replace('.', '_').toUpperCase()}`;
    return `set ${setting}, or ${variable}, to an address such as ${place}`;
  }
  const verb = words.indexOf('serve');
  const kept = words.filter(
    (word, at) => at !== verb && !/^--listen(=|$)/.test(word) && words[at - 1] !== '--listen',
  );
  const command = underNpm ? 'npm start --' : 'holdfast serve';
  return [command, ...kept.map(quoted), '--listen', place].join(' ');
}

/** A Failure with a remedy for what is known; anything else as it is. */
export function startFailure(error: unknown, around: Circumstances): unknown {
  const full = fullPlace(error, dataPaths(around.config));
  if (full !== undefined) {
    const message =
      `the file system of ${full} is full: make room, then start again\n` +
      `  see how full:         df -h ${quoted(full)}`;
    return new Failure(message, {cause: error});
  }
  if (error instanceof MetadataError) return new Failure(error.message, {cause: error});
  const found = find(error);
  if (found?.hostname !== undefined) {
    const message = `${found.hostname} is no name that this host knows (${found.code})`;
    return new Failure(message, {cause: error});
  }
  if (found?.port === undefined) return error;
  const {code, address = '', port} = found;
  const place = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  const setting = settingOf(around.config, address, port);
  const another = (instead: number): string => remedyFor(setting, `localhost:${instead}`, around);
  const sentences: Readonly<Record<string, string>> = {
    EADDRINUSE:
      `${place} is taken by another process\n` +
      `  see which:            ${holder(port)}\n` +
      `  take another port:    ${another(port === 65_535 ? port - 1 : port + 1)}`,
    EACCES:
      `${place} may not be used by uid ${process.getuid?.() ?? '?'}: ports below 1024 are for root\n` +
      `  take another port:    ${another(setting === 'http.listen' ? 5000 : port + 1024)}\n` +
      '  or, under systemd:    AmbientCapabilities=CAP_NET_BIND_SERVICE',
    EADDRNOTAVAIL: `${place} is no address of this host; "ip address" lists those that are`,
  };
  const sentence = sentences[code];
  return sentence === undefined ? error : new Failure(sentence, {cause: error});
}
