/** The conformance program of the OCI distribution specification, installed once and kept. */
import {execFile} from 'node:child_process';
import {access, mkdir, mkdtemp, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

export const conformanceVersion = 'v0.0.0-20260831232431-97274622c111';
const module = 'github.com/opencontainers/distribution-spec/conformance';
const oldestGo = '1.24';

const execute = promisify(execFile);
const cache = fileURLToPath(new URL('../node_modules/.cache/holdfast/', import.meta.url));
/** Go is often installed without being in the PATH. */
const env = {...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/local/go/bin`};

/** Why the program cannot be installed here; `undefined` where it can. */
export async function whyNoGo(): Promise<string | undefined> {
  const found = await execute('go', ['env', 'GOVERSION'], {env}).catch(() => undefined);
  if (found === undefined)
    return `Go is not installed (Go ${oldestGo} or newer: https://go.dev/dl)`;
  const version = found.stdout.trim();
  const [major = 0, minor = 0] = version.replace(/^go/, '').split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestGo.split('.').map(Number);
  const old = major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
  return old ? `Go is too old (${version}, and ${oldestGo} or newer is needed)` : undefined;
}

/** The path of the program, at the pinned version; installs it where it is not there yet. */
export async function installConformance(): Promise<string> {
  const directory = join(cache, `conformance-${conformanceVersion}`);
  const program = join(directory, 'conformance');
  if (await exists(program)) return program;
  await mkdir(cache, {recursive: true});
  const staging = await mkdtemp(join(cache, 'install-'));
  try {
    await execute('go', ['install', `${module}@${conformanceVersion}`], {
      env: {...env, GOBIN: staging},
    });
    // Two processes may install at once: the second finds the place taken, by the same program.
    await rename(staging, directory).catch(async (error: unknown) => {
      if (!(await exists(program))) throw error;
    });
  } finally {
    await rm(staging, {recursive: true, force: true});
  }
  return program;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
