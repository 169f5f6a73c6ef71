/** Errors of MariaDB and its driver. */
import type {MetadataFault} from './metadata-error.ts';
import {networkFault, strangeAnswer} from './network-fault.ts';
import type {ServerFault} from './server-pool.ts';

const kinds: Readonly<Record<number, MetadataFault>> = {
  1048: 'constraint', // a column that must have a value
  1062: 'constraint', // a key that is there
  1451: 'constraint', // a row that others refer to
  1452: 'constraint', // a row that is referred to and not there
  4025: 'constraint', // a check
  1205: 'busy', // waited for a lock
  1213: 'busy', // deadlock
  1020: 'busy', // changed since it was read
  1317: 'busy', // interrupted
  1969: 'busy', // took too long
  1021: 'full', // disk full
  1114: 'full', // table full
  1026: 'full', // error while writing
  1290: 'read-only', // --read-only
  1792: 'read-only', // transaction that only reads
  1836: 'read-only', // read-only mode
  1034: 'damaged', // key file
  1194: 'damaged', // crashed table
  1712: 'damaged', // index
  1030: 'unavailable', // the engine's own
  1040: 'unavailable', // too many connections
  1044: 'unavailable', // may not use the database
  1045: 'unavailable', // wrong password
  1049: 'unavailable', // unknown database
  1053: 'unavailable', // shuts down
  1129: 'unavailable', // host blocked
  1130: 'unavailable', // host not allowed
  1142: 'unavailable', // may not do that
  1143: 'unavailable', // may not do that
  1203: 'unavailable', // too many connections of the user
  1226: 'unavailable', // limit of the user
  1698: 'unavailable', // no password would do
  1927: 'unavailable', // connection killed
  4031: 'unavailable', // idle for too long
};

const login =
  'the user or the password is not what the server has: see metadata.url and metadata.password';
const grants = 'the user may not do that: grant it all privileges on the database';
const crowd =
  'it has no connection left: raise max_connections there, or lower metadata.connections';

const sentences: Readonly<Record<number, string>> = {
  1040: crowd,
  1044: grants,
  1045: login,
  1049: 'there is no database of that name: create it, or correct metadata.url',
  1129: 'it has blocked this host: run mariadb-admin flush-hosts there',
  1130: 'it lets no user of that name in from this host',
  1142: grants,
  1143: grants,
  1203: crowd,
  1226: crowd,
  1698: login,
};

interface DriverError {
  readonly code?: string;
  readonly errno?: number;
  readonly sqlMessage?: string;
  readonly message: string;
}

/** Of the message nothing is used: the driver puts values into statements, and the server repeats them. */
export function mariadbFault(error: unknown): ServerFault | undefined {
  if (!(error instanceof Error) || error instanceof TypeError) return undefined;
  const {code, errno, message}: DriverError = error;
  // How the storage engine says that a disk is full, in a number of Linux's.
  if (errno === 1030 && /error 28\b/.test(message)) return {kind: 'full', code: 'ER_GET_ERRNO'};
  // The driver puts its own code over that of TLS.
  const network = networkFault(code === 'HANDSHAKE_SSL_ERROR' ? tlsCode(message) : code);
  if (network) return network;
  if (errno === undefined) return ofDriver(error);
  const kind = kinds[errno] ?? 'query';
  const sentence = sentences[errno];
  // The driver has words for those alone that MySQL has, too.
  const word = code ?? String(errno);
  return {kind, code: word, ...(sentence === undefined ? {} : {message: sentence})};
}

function tlsCode(message: string): string {
  if (/expired/i.test(message)) return 'CERT_HAS_EXPIRED';
  if (/does not match/i.test(message)) return 'ERR_TLS_CERT_ALTNAME_INVALID';
  return /self.signed|unable to (verify|get)/i.test(message) ? 'CERT_UNTRUSTED' : 'ERR_SSL';
}

/** It has no codes for those. */
function ofDriver({message}: Error): ServerFault | undefined {
  if (/closed state|Pool is closed|Connection lost|fatal/i.test(message)) {
    return {kind: 'unavailable', code: 'PROTOCOL_CONNECTION_LOST'};
  }
  return strangeAnswer;
}
