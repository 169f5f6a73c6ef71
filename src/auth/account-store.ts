/** What accounts are kept in: the database, and the keys that sign for them. The same for a server and for a command alone. */
import type {DataPaths} from '../config/data-directory.ts';
import type {Config} from '../config/schema.ts';
import {type Database, openDatabase} from '../metadata/database.ts';
import type {Certificates} from '../tls/certificates.ts';
import {givenPaths, readPairIfThere} from '../tls/given-pair.ts';
import {certificateFiles} from '../tls/layout.ts';
import type {TlsLog} from '../tls/log.ts';
import {openSigningKeys, type SigningKeys} from './signing-keys.ts';

export interface AccountStore {
  readonly db: Database['db'];
  /** Opened when they are first asked for; rejects with a CertificateError. */
  readonly keys: () => Promise<SigningKeys>;
  close(): Promise<void>;
}

interface AccountStoreOptions {
  readonly config: Pick<Config, 'metadata' | 'namespaces' | 'tls' | 'token'>;
  readonly paths: DataPaths;
  /** Absent: nobody has them open here, and the pair on the disk signs if there is one. */
  readonly certificates?: Pick<Certificates, 'current'> | undefined;
  readonly log: TlsLog;
  readonly now: () => Date;
  /** Whether the keys follow what other processes do to them; so it is unless set. */
  readonly followsKeys?: boolean;
}

/** Brings the database to the state of this version first. Rejects with a MetadataError. */
export async function openAccountStore({
  config: {metadata, namespaces, tls, token},
  paths,
  certificates,
  log,
  now,
  followsKeys = true,
}: AccountStoreOptions): Promise<AccountStore> {
  const {db, close} = await openDatabase({
    file: paths.database,
    allowNetworkFileSystem: metadata.allowNetworkFileSystem,
    rootVisibility: namespaces.rootVisibility,
    now,
  });
  let keys: Promise<SigningKeys> | undefined;
  return {
    db,
    keys: () =>
      (keys ??= openSigningKeys({
        directory: paths.keys,
        kind: token.key,
        trustFor: token.expiresIn + token.uploadLease,
        pair: async () => certificates?.current() ?? pairOnDisk(tls, paths.certs),
        log,
        now,
        ...(followsKeys ? {} : {pollInterval: 0}),
      })),
    close: async () => {
      // Whoever asked for them has heard why they can't be opened.
      await (await keys?.catch(() => undefined))?.close();
      await close();
    },
  };
}

/** Where TLS is off a proxy may speak it, with the pair that lies here. */
async function pairOnDisk(tls: Config['tls'], directory: string) {
  const files =
    tls.mode === 'self-signed' ? certificateFiles(directory) : givenPaths(tls, directory);
  const pair = await readPairIfThere(files);
  return pair && {cert: pair.chain, key: pair.key};
}
