/** The files that StarlingX's management writes for its registry, and Holdfast started by the units of deploy/starlingx on them. */
import {generateKeyPairSync} from 'node:crypto';
import {cp, mkdir, readFile, rename, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {makeServerCertificate} from './certificate.ts';
import {run} from './command.ts';
import type {Lifetime} from './lifetime.ts';
import {makeCertDir, type Registry} from './registry.ts';
import {requireNoSecrets} from './secrets.ts';
import {entry} from './serve-process.ts';
import {type Service, startService} from './service.ts';

export interface StarlingX extends Registry {
  /** The root of the file system, as it were. */
  readonly root: string;
  /** Where the images lie. */
  readonly images: string;
  /** What both processes have said. */
  readonly output: () => string;
  readonly start: () => Promise<void>;
  /** As the management does it for a collection: the link first, then the service is restarted. */
  readonly useConfig: (name: 'runtime' | 'readonly') => Promise<void>;
  /** `config check`, with the variables of a unit; what it prints. */
  readonly command: (words: string) => Promise<string>;
}

const deployed = fileURLToPath(new URL('../../deploy/starlingx/', import.meta.url));

/** Nothing runs yet. */
export async function installStarlingX(
  life: Lifetime,
  {
    root,
    address,
    keystoneUrl,
  }: {readonly root: string; readonly address: string; readonly keystoneUrl: string},
): Promise<StarlingX> {
  const {registry, images, configFile, caFile} = await writePlatform(root, {
    ...{address, keystoneUrl, seenAs: root},
  });
  const link = async (name: string): Promise<void> => {
    await symlink(join(registry, `${name}_config.yml`), join(registry, 'new.yml'));
    await rename(join(registry, 'new.yml'), join(registry, 'config.yml'));
  };
  let output = '';
  const services = new Map<string, Service>();
  const startUnit = async (name: string): Promise<void> => {
    const {env, words} = await unit(name, root);
    const service = await startService(life, process.execPath, [entry, ...words], {
      env,
      ready: /listens on https:/,
      judge: (said) => {
        output += said;
        requireNoSecrets(said);
      },
    });
    services.set(name, service);
  };
  const units = ['docker-distribution', 'registry-token-server'];
  const stop = async (): Promise<void> => {
    await Promise.all([...services.values()].map(async (service) => service.stop()));
    services.clear();
  };
  return {
    url: `https://${address}:9001`,
    host: `${address}:9001`,
    caFile,
    certDir: await makeCertDir(root, caFile),
    root,
    images,
    command: async (words) => {
      const {env} = await unit('docker-distribution', root);
      const args = [entry, ...words.split(' '), '--config', configFile];
      const {stdout, stderr} = await run(process.execPath, args, {env});
      return stdout + stderr;
    },
    output: () => output + [...services.values()].map((service) => service.output()).join(''),
    start: async () => {
      for (const name of units) await startUnit(name);
    },
    stop,
    useConfig: async (name) => {
      await link(name);
      const [registryUnit = ''] = units;
      await services.get(registryUnit)?.stop();
      await startUnit(registryUnit);
    },
  };
}

interface Platform {
  readonly address: string;
  readonly keystoneUrl: string;
  /** How the files there call that root. */
  readonly seenAs: string;
}

/** What the management writes, below a root. */
export async function writePlatform(
  root: string,
  {address, keystoneUrl, seenAs}: Platform,
): Promise<{
  readonly registry: string;
  readonly images: string;
  readonly configFile: string;
  readonly caFile: string;
}> {
  const at = (path: string): string => join(root, path);
  const placesIn = (place: string) => ({
    registry: join(place, 'etc/docker-distribution/registry'),
    keys: join(place, 'etc/ssl/private'),
    images: join(place, 'var/lib/docker-distribution'),
  });
  const {registry, keys, images} = placesIn(root);
  const seen = placesIn(seenAs);
  for (const each of [registry, keys, images, at('etc/holdfast'), at('run')]) {
    await mkdir(each, {recursive: true});
  }
  const {caFile} = await makePair(root, keys, address);
  const config = {
    version: '0.1',
    log: {level: 'info', accesslog: {disabled: true}, fields: {service: 'registry'}},
    storage: {
      cache: {blobdescriptor: 'inmemory'},
      filesystem: {rootdirectory: seen.images},
    },
    http: {
      addr: `${address}:9001`,
      tls: {
        certificate: join(seen.keys, 'registry-cert.crt'),
        key: join(seen.keys, 'registry-cert.key'),
      },
      headers: {'X-Content-Type-Options': ['nosniff']},
    },
    health: {storagedriver: {enabled: true, interval: '10s', threshold: 3}},
    auth: {
      token: {
        realm: `https://${address}:9002/token/`,
        service: `${address}:9001`,
        issuer: 'bird-token-server',
        rootcertbundle: join(seen.keys, 'registry-cert.crt'),
      },
    },
  };
  const readonly = {
    ...config,
    storage: {...config.storage, maintenance: {readonly: {enabled: true}}},
  };
  await writeFile(join(registry, 'runtime_config.yml'), JSON.stringify(config, undefined, 2));
  await writeFile(join(registry, 'readonly_config.yml'), JSON.stringify(readonly, undefined, 2));
  const variables = {
    ADDR: `${address}:9002`,
    ISSUER: 'bird-token-server',
    KS_ENDPOINT: keystoneUrl,
    TLSCERT: join(seen.keys, 'registry-cert.crt'),
    TLSKEY: join(seen.keys, 'registry-cert.key'),
    REALM: `https://${address}:9002/token/`,
    KEY: join(seen.keys, 'registry-cert-pkcs1.key'),
  };
  const lines = Object.entries(variables).map(
    ([name, value]) => `REGISTRY_TOKEN_SERVER_${name}=${value}\n`,
  );
  await writeFile(join(registry, 'token_server.conf'), lines.join(''));
  await symlink(join(seen.registry, 'runtime_config.yml'), join(registry, 'config.yml'));
  const configFile = at('etc/holdfast/holdfast.yaml');
  const ours = await readFile(join(deployed, 'holdfast.yaml'), 'utf8');
  await writeFile(configFile, moved(ours, seenAs));
  return {registry, images, configFile, caFile};
}

/** RSA, in the form of PKCS#1 for the token server. */
async function makePair(
  root: string,
  keys: string,
  address: string,
): Promise<{readonly caFile: string}> {
  const {privateKey} = generateKeyPairSync('rsa', {modulusLength: 2048});
  const pem = (type: 'pkcs1' | 'pkcs8'): string =>
    privateKey.export({type, format: 'pem'}) as string;
  const now = new Date();
  const {caFile, certificateFile} = await makeServerCertificate(root, [address], now, pem('pkcs8'));
  await cp(certificateFile, join(keys, 'registry-cert.crt'));
  await writeFile(join(keys, 'registry-cert.key'), pem('pkcs8'), {mode: 0o600});
  await writeFile(join(keys, 'registry-cert-pkcs1.key'), pem('pkcs1'), {mode: 0o600});
  return {caFile};
}

/** What systemd would make of the unit: the command, and its environment. */
async function unit(
  name: string,
  root: string,
): Promise<{readonly env: Readonly<Record<string, string>>; readonly words: readonly string[]}> {
  const text = moved(await readFile(join(deployed, `${name}.service`), 'utf8'), root);
  const valuesOf = (key: string): readonly string[] =>
    [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);
  const files = await Promise.all(
    valuesOf('EnvironmentFile').map(async (file) => readFile(file, 'utf8')),
  );
  const lines = [...valuesOf('Environment'), ...files.join('').split('\n')];
  const pairs = lines
    .filter((line) => line.includes('='))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
  const [command = ''] = valuesOf('ExecStart');
  const [program, ...words] = command.split(' ');
  if (program !== '/usr/bin/holdfast') throw new Error(`${name} starts ${program ?? 'nothing'}`);
  return {env: Object.fromEntries(pairs), words};
}

/** The same paths, below another root. */
const moved = (text: string, root: string): string =>
  text.replaceAll(/(?<=[ =])\/(?=etc\/|var\/lib\/)/g, join(root, '/'));
