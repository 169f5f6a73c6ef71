/** Reads the small files that certificates, keys and codes lie in. */
import {readFile} from 'node:fs/promises';
import {errorCode} from '../host/error-code.ts';
import {CertificateError} from './certificate-error.ts';

/** The text of a file, `undefined` where there is none; throws CertificateError `unreadable`. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const remedy =
      code === 'EACCES' || code === 'EPERM'
        ? `the user that runs holdfast (uid ${process.getuid?.() ?? '?'}) may not read it; give it the file with chown, or read access through its group`
        : 'make it a readable file';
    throw new CertificateError(
      'unreadable',
      `${path} can't be read (${code ?? 'error'}): ${remedy}`,
      {cause: error},
    );
  }
}
