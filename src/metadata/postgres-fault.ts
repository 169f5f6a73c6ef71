/** Errors of PostgreSQL and its driver. */
import type {MetadataFault} from './metadata-error.ts';
import {networkFault, strangeAnswer} from './network-fault.ts';
import type {ServerFault} from './server-pool.ts';

/** By the first two characters of an SQLSTATE. */
const classes: Readonly<Record<string, MetadataFault>> = {
  '08': 'unavailable', // connections
  '23': 'constraint',
  '28': 'unavailable', // logins
  '40': 'busy', // deadlocks, and what could not be put into an order
  '53': 'unavailable', // memory, connections
  '57': 'unavailable', // shuts down
  '58': 'unavailable', // files of the server
};

const kinds: Readonly<Record<string, MetadataFault>> = {
  '25006': 'read-only',
  '25P03': 'busy', // stood still in a transaction
  '3D000': 'unavailable', // unknown database
  '3F000': 'unavailable', // no schema to make tables in
  '42501': 'unavailable', // may not do that
  '53100': 'full',
  '55P03': 'busy', // waited for a lock
  '57014': 'busy', // took too long
  XX001: 'damaged',
  XX002: 'damaged',
};

const login =
  'the user or the password is not what the server has: see metadata.url and metadata.password';
const grants =
  'the user may not do that: make it the owner of the database, or grant it all on the schema public';

const sentences: Readonly<Record<string, string>> = {
  '28000': `${login}, and pg_hba.conf there`,
  '28P01': login,
  '3D000': 'there is no database of that name: create it, or correct metadata.url',
  '3F000': grants,
  '42501': grants,
  '53300': 'it has no connection left: raise max_connections there, or lower metadata.connections',
};

const isSqlState = (code: string): boolean => /^[0-9A-Z]{5}$/.test(code);

/** Of the message nothing is used: values of a query may stand in it. */
export function postgresFault(error: unknown): ServerFault | undefined {
  if (!(error instanceof Error) || error instanceof TypeError) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const network = networkFault(code);
  if (network) return network;
  if (code === undefined || !isSqlState(code)) return ofDriver(error);
  const kind = kinds[code] ?? classes[code.slice(0, 2)] ?? 'query';
  const message = sentences[code];
  return {kind, code, ...(message === undefined ? {} : {message})};
}

/** It has no codes for those. */
function ofDriver({message}: Error): ServerFault | undefined {
  if (/does not support SSL/i.test(message)) return networkFault('HANDSHAKE_NO_SSL_SUPPORT');
  if (/password must be a (non-empty )?string|SASL/i.test(message)) {
    return {kind: 'unavailable', code: '28P01', message: login};
  }
  if (/terminated|timeout|not queryable|after calling end|closed/i.test(message)) {
    return {kind: 'unavailable', code: 'CONNECTION_LOST'};
  }
  return strangeAnswer;
}
