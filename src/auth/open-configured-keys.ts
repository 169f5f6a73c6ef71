/** Opens the keys of tokens as the configuration names them: the same for a server and for a command alone. */
import type {DataPaths} from '../config/data-directory.ts';
import type {Config} from '../config/schema.ts';
import type {Certificates} from '../tls/certificates.ts';
import {givenPaths, readPairIfThere} from '../tls/given-pair.ts';
import {certificateFiles} from '../tls/layout.ts';
import type {Log} from '../observability/log.ts';
import {openSigningKeys, type SigningKeys} from './signing-keys.ts';

interface KeysOptions {
  readonly config: Pick<Config, 'tls' | 'token'>;
  readonly paths: DataPaths;
  /** Absent: nobody has them open here, and the pair on the disk signs if there is one. */
  readonly certificates?: Pick<Certificates, 'current'> | undefined;
  readonly log: Log;
  readonly now: () => Date;
  /** Whether the keys follow what other processes do to them; so it is unless set. */
  readonly followsKeys?: boolean;
}

/** Rejects with a CertificateError. */
export async function openConfiguredKeys({
  config: {tls, token},
  paths,
  certificates,
  log,
  now,
  followsKeys = true,
}: KeysOptions): Promise<SigningKeys> {
  return openSigningKeys({
    directory: paths.keys,
    kind: token.key,
    trustFor: token.expiresIn + token.uploadLease,
    pair: async () => certificates?.current() ?? pairOnDisk(tls, paths.certs),
    log,
    now,
    ...(followsKeys ? {} : {pollInterval: 0}),
  });
}

/** Where TLS is off a proxy may speak it, with the pair that lies here. */
async function pairOnDisk(tls: Config['tls'], directory: string) {
  const files =
    tls.mode === 'self-signed' ? certificateFiles(directory) : givenPaths(tls, directory);
  const pair = await readPairIfThere(files);
  return pair && {cert: pair.chain, key: pair.key};
}
