/** Signing keys in fresh directories, under a clock to steer. */
import {randomUUID} from 'node:crypto';
import {mkdir, readFile, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {openSigningKeys} from '../../src/auth/signing-keys.ts';
import type {SigningKeys, SigningKeysOptions} from '../../src/auth/signing-keys.ts';
import {createTokenIssuer} from '../../src/auth/token-issuer.ts';
import type {IssuedToken, TokenRequest} from '../../src/auth/token-issuer.ts';
import {createTokenVerifier} from '../../src/auth/token-verifier.ts';
import type {Verification} from '../../src/auth/token-verifier.ts';
import {readPairIfThere} from '../../src/tls/given-pair.ts';
import {run} from '../support/command.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';

export const minute = 60_000;
export const trustFor = 135 * minute;
export const issuer = 'the-realm';
export const service = 'the-registry';

export interface KeysBench {
  readonly directory: string;
  /** `certs/`, where `makePair` puts its pairs. */
  readonly certs: string;
  readonly messages: string[];
  time: Date;
  later(milliseconds: number): void;
  open(options?: Partial<SigningKeysOptions>): Promise<SigningKeys>;
  /** By openssl: `rsa:2048`, `ec:P-384`, `ed25519`. */
  makePair(kind: string): Promise<void>;
  /** Names in `keys/`. */
  names(): Promise<string[]>;
  read(name: string): Promise<string>;
  issue(keys: SigningKeys, request?: Partial<TokenRequest>): Promise<IssuedToken>;
  verify(keys: SigningKeys, token: string): Promise<Verification>;
}

export async function keysBench(t: ExecutionContext): Promise<KeysBench> {
  const root = await memoryDirectory(t);
  const [directory, certs] = [join(root, 'keys'), join(root, 'certs')];
  await mkdir(directory, {mode: 0o700});
  await mkdir(certs);
  const paths = {certificate: join(certs, 'server.crt'), key: join(certs, 'server.key')};
  const messages: string[] = [];
  const say = (_fields: unknown, message: string): void => {
    messages.push(message);
  };
  const bench: KeysBench = {
    directory,
    certs,
    messages,
    time: new Date('2026-03-01T12:00:00.750Z'),
    later: (milliseconds) => {
      bench.time = new Date(bench.time.getTime() + milliseconds);
    },
    open: async (options = {}) => {
      const keys = await openSigningKeys({
        directory,
        kind: 'certificate',
        pair: async () => {
          const pair = await readPairIfThere(paths);
          return pair && {cert: pair.chain, key: pair.key};
        },
        log: {debug: say, info: say, warn: say, error: say},
        now: () => bench.time,
        trustFor,
        pollInterval: 0,
        ...options,
      });
      t.teardown(async () => keys.close());
      return keys;
    },
    makePair: async (kind) => makePair(kind, paths),
    names: async () => (await readdir(directory)).sort(),
    read: async (name) => readFile(join(directory, name), 'utf8'),
    issue: async (keys, request = {}) =>
      createTokenIssuer({keys, issuer, now: () => bench.time}).issue({
        ...pullOf('a/b'),
        ...request,
      }),
    verify: async (keys, token) =>
      createTokenVerifier({keys, issuer, services: [service], now: () => bench.time}).verify(token),
  };
  return bench;
}

/** A quarter of an hour for `ann`. */
export const pullOf = (name: string): TokenRequest => ({
  subject: 'ann',
  audience: service,
  access: [{type: 'repository', name, actions: ['pull']}],
  accountId: randomUUID(),
  generation: 3,
  expiresIn: 15 * minute,
});

async function makePair(
  kind: string,
  {certificate, key}: {readonly certificate: string; readonly key: string},
): Promise<void> {
  const [algorithm = '', curve] = kind.split(':');
  const option = curve === undefined ? [] : ['-pkeyopt', `ec_paramgen_curve:${curve}`];
  const newKey = algorithm === 'ec' ? ['-newkey', 'ec', ...option] : ['-newkey', kind];
  const days = ['-days', '90', '-subj', '/CN=registry.example.org'];
  const files = ['-keyout', key, '-out', certificate];
  await run('openssl', ['req', '-x509', '-nodes', ...newKey, ...days, ...files]);
}

/** Rewrites server.key in the form that older programs write: PKCS#1, SEC1. */
export async function makeTraditional(bench: KeysBench, type: 'rsa' | 'ec'): Promise<void> {
  const key = join(bench.certs, 'server.key');
  const form = type === 'rsa' ? ['-traditional'] : [];
  await run('openssl', [type, '-in', key, ...form, '-out', key]);
}
