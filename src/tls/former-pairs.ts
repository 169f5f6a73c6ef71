/** The pairs that renewals have put aside. */
import type {X509Certificate} from 'node:crypto';
import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {publish, remove, secretMode} from '../host/durable-file.ts';
import type {CertificateFiles} from './layout.ts';

const mostKept = 10;
const keptCertificate = /^server\.\d{8}T\d{6}Z\.[0-9a-f]{8}\.crt$/;

/** `server.20270301T120000Z.1a2b3c4d`: sorted by the end of validity, and one name for one certificate. */
function keptName(certificate: X509Certificate): string {
  const end = certificate.validToDate.toISOString().replace(/[-:]|\.\d+/g, '');
  const id = certificate.fingerprint256.replaceAll(':', '').slice(0, 8).toLowerCase();
  return `server.${end}.${id}`;
}

async function removeOldest(directory: string): Promise<void> {
  const kept = (await readdir(directory)).filter((name) => keptCertificate.test(name)).sort();
  for (const name of kept.slice(0, Math.max(0, kept.length - mostKept))) {
    await remove(join(directory, name));
    await remove(join(directory, name.replace(/crt$/, 'key')));
  }
}

/** Keeps a pair beside server.crt, both files 0600; may be repeated. Of more than ten, those that end first go. */
export async function keepFormer(
  {directory}: CertificateFiles,
  certificate: X509Certificate,
  texts: {readonly certificate: string; readonly key: string},
): Promise<string> {
  const name = keptName(certificate);
  await publish(join(directory, `${name}.key`), texts.key, secretMode);
  await publish(join(directory, `${name}.crt`), texts.certificate, secretMode);
  await removeOldest(directory);
  return `${name}.crt`;
}
