/** Fresh directories, real openssl, a clock to steer and a log to read. */
import {execFile} from 'node:child_process';
import {X509Certificate} from 'node:crypto';
import {readFile, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import type {ExecutionContext} from 'ava';
import {configSchema} from '../../src/config/schema.ts';
import type {Config} from '../../src/config/schema.ts';
import type {Certificates} from '../../src/tls/certificates.ts';
import {openCertificates} from '../../src/tls/open-certificates.ts';
import type {CertificateOptions} from '../../src/tls/open-certificates.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

export const run = promisify(execFile);
export const day = 86_400_000;
/** With milliseconds, which certificates don't have. */
export const birthday = new Date('2026-03-01T12:00:00.750Z');

/** A minute ahead, so that what openssl signs during a test is valid already on a clock that stands still. */
export const soon = (): Date => new Date(Date.now() + 60_000);

export async function freshDirectory(t: ExecutionContext): Promise<string> {
  return temporaryDirectory(t);
}

export const tlsSettings = (tls: Record<string, unknown> = {}): Config['tls'] =>
  configSchema.parse({tls}).tls;

export interface Line {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export interface Workbench {
  readonly directory: string;
  readonly lines: Line[];
  /** The messages of a level, in their order. */
  said(level: Line['level']): string[];
  time: Date;
  open(options?: Partial<CertificateOptions>): Promise<Certificates>;
  path(name: string): string;
  read(name: string): Promise<string>;
  leaf(name?: string): Promise<X509Certificate>;
  /** Names of kept former certificates. */
  kept(): Promise<string[]>;
  /** Asserts that the pair on disk fits, is the CA's, and that nothing half-done lies about. */
  assertWhole(): Promise<void>;
}

export async function workbench(t: ExecutionContext): Promise<Workbench> {
  const directory = await freshDirectory(t);
  const lines: Line[] = [];
  const say =
    (level: Line['level']) =>
    (fields: Readonly<Record<string, unknown>>, message: string): void => {
      lines.push({level, fields, message});
    };
  const log = {debug: () => undefined, info: say('info'), warn: say('warn'), error: say('error')};
  const path = (name: string): string => join(directory, name);
  const read = (name: string): Promise<string> => readFile(path(name), 'utf8');
  const bench: Workbench = {
    directory,
    lines,
    time: birthday,
    said: (level) => lines.filter((line) => line.level === level).map(({message}) => message),
    path,
    read,
    leaf: async (name = 'server.crt') => new X509Certificate(await read(name)),
    kept: async () =>
      (await readdir(directory)).filter((name) => /^server\.\d.*\.crt$/.test(name)).sort(),
    async open(options = {}) {
      const certificates = await openCertificates({
        tls: tlsSettings(),
        directory,
        log,
        now: () => bench.time,
        hostNames: () => ['node1.example.org', '192.0.2.7'],
        pollInterval: 0,
        ...options,
      });
      t.teardown(() => certificates.close());
      return certificates;
    },
    async assertWhole() {
      const publicKeys = await Promise.all([
        run('openssl', ['x509', '-in', path('server.crt'), '-noout', '-pubkey']),
        run('openssl', ['pkey', '-in', path('server.key'), '-pubout']),
      ]);
      t.is(publicKeys[0].stdout, publicKeys[1].stdout);
      const at = Math.floor(bench.time.getTime() / 1000);
      await t.notThrowsAsync(
        run('openssl', [
          ...['verify', '-x509_strict', '-attime', `${at}`, '-verify_hostname', 'localhost'],
          ...['-purpose', 'sslserver', '-CAfile', path('ca.crt'), path('server.crt')],
        ]),
      );
      const names = await readdir(directory);
      t.deepEqual(
        names.filter((name) => name.startsWith('.staged') || name === 'server.next.pem'),
        [],
      );
    },
  };
  return bench;
}

export type KeyKind = 'PKCS#1' | 'PKCS#8' | 'SEC1' | 'EC parameters first' | 'Ed25519';

/** A self-signed pair made by openssl; valid from now for `days`. */
export async function opensslPair(
  certificate: string,
  key: string,
  kind: KeyKind = 'PKCS#8',
  {days = 90, name = 'foreign.example.org'} = {},
): Promise<void> {
  const rsa = ['genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048', '-out', key];
  if (kind === 'PKCS#8') await run('openssl', rsa);
  if (kind === 'Ed25519') await run('openssl', ['genpkey', '-algorithm', 'ED25519', '-out', key]);
  if (kind === 'PKCS#1') {
    await run('openssl', rsa);
    await run('openssl', ['rsa', '-in', key, '-traditional', '-out', key]);
  }
  if (kind === 'SEC1' || kind === 'EC parameters first') {
    const bare = kind === 'SEC1' ? ['-noout'] : [];
    await run('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', ...bare, '-out', key]);
  }
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:127.0.0.1`];
  await run('openssl', [
    ...['req', '-x509', '-key', key, '-out', certificate, '-days', `${days}`],
    ...subject,
  ]);
}
