/** The entry: runs one command and sets the exit code; 2 is a wrong call or configuration, 1 any other failure. */
import {CommanderError} from 'commander';
import {AdministrationError} from '../auth/administration/administration-error.ts';
import {BackupError} from '../backup/backup-error.ts';
import {ConfigError} from '../config/fault.ts';
import {MetadataError} from '../metadata/metadata-error.ts';
import {StorageError} from '../storage/driver.ts';
import {CertificateError} from '../tls/certificate-error.ts';
import {Failure} from './failure.ts';
import {describeFaults} from './faults.ts';
import {visible} from './output.ts';
import {program} from './program.ts';

/** Whose messages are sentences for a person. */
const isTold = [
  Failure,
  AdministrationError,
  BackupError,
  CertificateError,
  StorageError,
  MetadataError,
];

/** Tells an error to a person; answers the exit code. */
function tell(error: unknown): number {
  // Commander has written its own sentence, and ends with an error after --help too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigError) {
    process.stderr.write(describeFaults(error.faults));
    return 2;
  }
  if (isTold.some((kind) => error instanceof kind) && error instanceof Error) {
    process.stderr.write(`holdfast: ${visible(error.message)}\n`);
    if (error instanceof Failure) return error.code;
    return error instanceof AdministrationError && error.code === 'invalid' ? 2 : 1;
  }
  console.error(error);
  return 1;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // `holdfast config print | head` closes the pipe early, and that is no failure.
  if (error.code === 'EPIPE') return;
  process.stderr.write(`holdfast: the standard output can't be written: ${error.message}\n`);
  process.exitCode = 1;
});
// Where nobody can be told, a registry goes on all the same.
process.stderr.on('error', () => undefined);

const holdfast = program();
try {
  if (process.argv.length <= 2) holdfast.outputHelp();
  else await holdfast.parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}
