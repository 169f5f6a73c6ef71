/** The configuration of one command, judged together with the disk around it. */
import type {Command} from 'commander';
import {providerFileFaults} from '../auth/providers/file-faults.ts';
import {checkDataDirectory, dataPaths} from '../config/data-directory.ts';
import {ConfigError} from '../config/fault.ts';
import type {Fault} from '../config/fault.ts';
import {idleSettings} from '../config/idle-settings.ts';
import {examine} from '../config/load.ts';
import type {Loaded} from '../config/load.ts';
import {configSchema} from '../config/schema.ts';
import type {Config} from '../config/schema.ts';
import {readCaFile} from '../tls/ca-file.ts';
import {CertificateError} from '../tls/certificate-error.ts';
import {givenPaths, readGivenPair, readPairIfThere} from '../tls/given-pair.ts';
import {ownPairContext} from '../tls/open-certificates.ts';
import {sourcesOf} from './configuration.ts';
import {stderrLog} from './stderr-log.ts';

export interface Inspection {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
  readonly loaded: Loaded<Config> | undefined;
}

/** The pair of tls.mode files is the operator's, and so are the names of a pair of our own: their faults are the configuration's. */
async function pairFaults(config: Config): Promise<Fault[]> {
  const {tls, externalUrl} = config;
  const directory = dataPaths(config).certs;
  if (tls.mode === 'off') return [];
  try {
    if (tls.mode === 'files') await readGivenPair(givenPaths(tls, directory));
    else ownPairContext({tls, externalUrl, directory, log: stderrLog}).names();
    return [];
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    const [, path = 'tls', message = error.message] =
      /^(tls\.\w+): (.*)$/s.exec(error.message) ?? [];
    return [{path, message}];
  }
}

/**
 * The pair signs tokens. Where another program was told the key that does, those who trust it must go on doing so: it has to be
 * the same one.
 */
async function signingKeyFaults({config, distribution}: Loaded<Config>): Promise<Fault[]> {
  const named = distribution?.signingKey;
  if (named === undefined || config.token.key !== 'certificate') return [];
  const {certificate} = givenPaths(config.tls, dataPaths(config).certs);
  try {
    await readPairIfThere({certificate, key: named.path});
    return [];
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    const message = `must be the key of tls.certificate, which signs tokens, unless token.key says otherwise: ${error.message}`;
    const origin = {kind: 'environment', detail: named.variable} as const;
    return [{path: named.variable, message, origin}];
  }
}

function databaseFaults({metadata}: Config): readonly Fault[] {
  try {
    readCaFile('metadata.caFile', metadata.caFile);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults;
  }
}

/** The configuration and the directories that it names, all faults of both together; changes nothing. */
export async function inspectFor(command: Command): Promise<Inspection> {
  const {faults, loaded} = examine(configSchema, sourcesOf(command));
  // Where the name of the directory is itself in doubt, faults of the default one would mislead.
  const unknown = faults.some(({path}) => /^(dataDir|storage|HOLDFAST_(DATA|STORAGE))/.test(path));
  if (loaded === undefined) return {faults, warnings: [], loaded};
  const warnings = [...loaded.warnings, ...idleSettings(loaded)];
  if (unknown) return {faults, warnings, loaded: {...loaded, warnings}};
  const {config} = loaded;
  const disk = await checkDataDirectory(config);
  const files = [
    ...(await pairFaults(config)),
    ...(await signingKeyFaults(loaded)),
    ...(await providerFileFaults(config.auth)),
    ...databaseFaults(config),
  ];
  return {
    faults: [...faults, ...disk.faults, ...files],
    warnings: [...warnings, ...disk.warnings],
    loaded: {...loaded, warnings},
  };
}

/** As `inspectFor`, where faults are the end. Of warnings about the directories the start itself tells. */
export async function soundFor(command: Command): Promise<Loaded<Config>> {
  const {faults, loaded} = await inspectFor(command);
  if (faults.length > 0 || loaded === undefined) throw new ConfigError(faults);
  return loaded;
}
