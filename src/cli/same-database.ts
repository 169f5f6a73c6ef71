/** Whether two names mean one database: a link is another spelling of a file, as localhost is of an address. */
import {isLoopback} from '../config/database-url.ts';
import {fileIdentity} from '../host/file-identity.ts';
import type {DatabasePlace} from '../metadata/database.ts';

export async function isSameDatabase(one: DatabasePlace, other: DatabasePlace): Promise<boolean> {
  if ('file' in one && 'file' in other) {
    if (one.file === other.file) return true;
    const identity = await fileIdentity(one.file);
    return identity !== undefined && identity === (await fileIdentity(other.file));
  }
  if ('file' in one || 'file' in other) return false;
  const [first, second] = [one.server, other.server];
  // A socket alone says nothing of the port that the same server may have.
  const isElsewhere =
    first.socket !== undefined && second.socket !== undefined && first.socket !== second.socket;
  return !isElsewhere && addressOf(first) === addressOf(second);
}

type Server = Extract<DatabasePlace, {readonly server: unknown}>['server'];

/** Whoever logs in: users of one server see one database. */
function addressOf(server: Server): string {
  const {engine, host, port, database} = server;
  const name = isLoopback(server) ? 'localhost' : host.toLowerCase().replace(/\.$/, '');
  return JSON.stringify([engine, name, port, database]);
}
