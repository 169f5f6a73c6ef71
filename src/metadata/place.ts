/** Which database the configuration means. */
import {dataPaths} from '../config/data-directory.ts';
import {
  type DatabaseAddress,
  describeAddress,
  isLoopback,
  parseDatabaseUrl,
} from '../config/database-url.ts';
import type {Config} from '../config/schema.ts';
import type {DatabasePlace} from './database.ts';
import type {Engine} from './engine.ts';
import {MetadataError} from './metadata-error.ts';

type Settings = Pick<Config, 'dataDir' | 'storage' | 'metadata'>;
type Connection = Pick<
  Config['metadata'],
  'password' | 'tls' | 'caFile' | 'connections' | 'timeout'
>;

function placeAt(address: DatabaseAddress, connection: Connection): DatabasePlace {
  const {password, tls, caFile, connections, timeout} = connection;
  return {
    server: {
      ...address,
      password: address.password ?? password,
      tls: tls ?? (isLoopback(address) ? 'off' : 'verify'),
      caFile,
      connections,
      timeout,
    },
  };
}

/** Throws a MetadataError where it is no address; what was loaded has one. */
function addressAt(url: string): DatabaseAddress {
  const address = parseDatabaseUrl(url);
  if (typeof address !== 'string') return address;
  throw new MetadataError('refused', `the address of the database ${address}`);
}

export const engineOf = (place: DatabasePlace): Engine['name'] =>
  'file' in place ? 'sqlite' : place.server.engine;

/** As people are told it: the file, or the address without its password. */
export const titleOf = (place: DatabasePlace): string =>
  'file' in place ? place.file : describeAddress({...place.server, password: undefined});

export function placeOf(config: Settings): DatabasePlace {
  const {url, allowNetworkFileSystem} = config.metadata;
  if (url !== undefined) return placeAt(addressAt(url), config.metadata);
  return {file: dataPaths(config).database, allowNetworkFileSystem};
}

/** A URL, with what the configuration says of connections; its password only where the address is the same, and none is given. */
export function placeAtUrl(
  url: string,
  {metadata}: Settings,
  password: string | undefined,
): DatabasePlace {
  const address = addressAt(url);
  const own = metadata.url === undefined ? undefined : addressAt(metadata.url);
  const isOwn =
    own?.host === address.host && own.port === address.port && own.user === address.user;
  return placeAt(address, {
    ...metadata,
    password: password ?? (isOwn ? metadata.password : undefined),
  });
}
