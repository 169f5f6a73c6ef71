/** Certificates for servers beside Holdfast: a CA of their own, and what it has signed. */
import {createPrivateKey, createPublicKey} from 'node:crypto';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {issueAuthority, issueServer} from '../../src/tls/issue.ts';
import {newKey} from '../../src/tls/new-key.ts';

export interface ServerFiles {
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** In the directory, for 127.0.0.1 and localhost unless other names are given; the key is in PEM. */
export async function makeServerCertificate(
  directory: string,
  names: readonly string[] = ['127.0.0.1', 'localhost'],
  now = new Date(),
  key = newKey(),
): Promise<ServerFiles> {
  const authorityKey = createPrivateKey(newKey());
  const certificate = await issueAuthority(authorityKey, 'of a test', now);
  const publicKey = createPublicKey(key);
  const leaf = await issueServer({certificate, key: authorityKey}, publicKey, names, now);
  const at = (name: string): string => join(directory, name);
  const files = {
    caFile: at('ca.pem'),
    certificateFile: at('server.pem'),
    keyFile: at('server.key'),
  };
  await writeFile(files.caFile, certificate.toString());
  await writeFile(files.certificateFile, leaf.toString());
  await writeFile(files.keyFile, key, {mode: 0o600});
  return files;
}
