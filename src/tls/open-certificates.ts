/** Opens what `tls` says: the local CA's certificate, made if there is none, or the operator's files. */
import {stat} from 'node:fs/promises';
import type {Config} from '../config/schema.ts';
import {type Clock, systemClock} from '../host/clock.ts';
import {makeDirectory, removeStaged} from '../host/durable-file.ts';
import {errorCode} from '../host/error-code.ts';
import {CertificateError} from './certificate-error.ts';
import {Certificates} from './certificates.ts';
import type {PairSource} from './certificates.ts';
import {givenPaths, readGivenPair} from './given-pair.ts';
import {certificateFiles} from './layout.ts';
import type {Log} from '../observability/log.ts';
import {systemNames, wantedNames} from './names.ts';
import {securePair} from './own-pair.ts';
import type {OwnPairContext} from './own-pair.ts';

export interface CertificateOptions {
  readonly tls: Config['tls'];
  /** Absolute path of `certs/`. */
  readonly directory: string;
  readonly log: Log;
  /** Its host is one of the certificate's names. */
  readonly externalUrl?: string | undefined;
  readonly now?: Clock;
  /** The host's name first, then its other names and addresses. */
  readonly hostNames?: () => readonly string[];
  /** How often the files are looked at, in milliseconds; 0: only when `refresh` is called. */
  readonly pollInterval?: number;
}

const defaultPollInterval = 5000;
const stagedAreLeftovers = 3_600_000;
const readableByAll = 0o004;

/** What self-signed mode needs to know, as the command line does too; throws CertificateError `setting`. */
export function ownPairContext(options: CertificateOptions): OwnPairContext {
  const {tls, externalUrl, log} = options;
  const hostNames = options.hostNames ?? systemNames;
  const external = externalUrl === undefined ? [] : [new URL(externalUrl).hostname];
  if (tls.certificate !== undefined || tls.key !== undefined) {
    throw new CertificateError(
      'setting',
      'tls.certificate and tls.key name your own pair, but tls.mode is self-signed: set tls.mode to files, or leave them out',
    );
  }
  return {
    files: certificateFiles(options.directory),
    names: () => wantedNames(hostNames(), [...tls.names, ...external]),
    host: hostNames()[0] ?? 'localhost',
    now: options.now ?? systemClock,
    log,
  };
}

/** A first pair that can't be written: the disk is full or read-only, or somebody else's. */
function unwritable(directory: string, error: unknown): unknown {
  const code = errorCode(error);
  if (error instanceof CertificateError || code === undefined) return error;
  return new CertificateError(
    'unwritable',
    `no certificate can be made in ${directory} (${code}): make room, and let the user that runs holdfast (uid ${process.getuid?.() ?? '?'}) write there`,
    {cause: error},
  );
}

async function prepareDirectory(directory: string, log: Log): Promise<void> {
  try {
    await makeDirectory(directory);
  } catch (error) {
    throw unwritable(directory, error);
  }
  try {
    await removeStaged(directory, new Date(Date.now() - stagedAreLeftovers));
  } catch (error) {
    // On a read-only disk they are no harm.
    log.warn({err: error, directory}, 'leftover files could not be removed');
  }
}

/** The certificate for `tls.mode` self-signed or files; throws CertificateError where none can be served. */
export async function openCertificates(options: CertificateOptions): Promise<Certificates> {
  const {tls, directory, log, pollInterval = defaultPollInterval} = options;
  const now = options.now ?? systemClock;
  if (tls.mode === 'off') throw new CertificateError('setting', 'tls.mode is off: no certificate');
  let source: PairSource;
  if (tls.mode === 'files') {
    const paths = givenPaths(tls, directory);
    source = {paths, load: () => readGivenPair(paths)};
  } else {
    const context = ownPairContext(options);
    await prepareDirectory(directory, log);
    source = {paths: context.files, load: (occasion) => securePair(context, occasion)};
  }
  const first = await source.load('start').catch((error: unknown) => {
    throw unwritable(directory, error);
  });
  const {mode} = await stat(source.paths.key);
  if ((mode & readableByAll) !== 0) {
    log.warn(
      {file: source.paths.key, run: `chmod o-rwx ${source.paths.key}`},
      'key is readable by everybody',
    );
  }
  return new Certificates(source, first, {log, now, pollInterval});
}
