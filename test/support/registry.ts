import {copyFile, mkdir, readFile} from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import {join} from 'node:path';
import {buffer} from 'node:stream/consumers';

/** A registry that a test started; it stops with the test. */
export type Registry = {
  /** https://127.0.0.1:40123 */
  readonly url: string;
  /** As it stands in the name of an image: 127.0.0.1:40123 */
  readonly host: string;
  /** The certificate that clients must trust. */
  readonly caFile: string;
  /** A directory with ca.crt and nothing else, as skopeo, podman and buildah take it. */
  readonly certDir: string;
  stop(): Promise<void>;
};

/** Puts the CA's certificate into a directory of its own below `directory`. */
export async function makeCertDir(directory: string, caFile: string): Promise<string> {
  const certDir = join(directory, 'trust');
  await mkdir(certDir, {recursive: true});
  await copyFile(caFile, join(certDir, 'ca.crt'));
  return certDir;
}

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
};

/** Asks a registry for what no client offers a command for; over TLS its certificate is verified. */
export async function ask(
  registry: {readonly url: string; readonly caFile?: string},
  path: string,
  options: {method?: string; headers?: Record<string, string>} = {},
): Promise<Answer> {
  const url = new URL(path, registry.url);
  const ca = registry.caFile === undefined ? undefined : await readFile(registry.caFile);
  const request = url.protocol === 'https:' ? https.request : http.request;
  return new Promise((resolve, reject) => {
    request(url, {...options, ca, agent: false}, (response) => {
      buffer(response).then((body) => {
        resolve({status: response.statusCode ?? 0, headers: response.headers, body});
      }, reject);
    })
      .once('error', reject)
      .end();
  });
}
