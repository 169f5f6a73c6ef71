/** Go programs, each built once at a pinned version and kept. */
import {execFile} from 'node:child_process';
import {access, mkdir, mkdtemp, rename, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';

export type GoProgram = {
  /** As the file is called. */
  readonly name: string;
  readonly module: string;
  readonly version: string;
  /** The module's own main package unless set. */
  readonly package?: string;
};

const oldestGo = '1.24';

const execute = promisify(execFile);
const cache = fileURLToPath(new URL('../node_modules/.cache/holdfast/', import.meta.url));
/** Go is often installed without being in the PATH. */
const env = {...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/local/go/bin`};

/** Why no program can be built here; `undefined` where it can. */
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

/** Its path, where it was built before. */
export async function builtGoProgram(program: GoProgram): Promise<string | undefined> {
  const path = join(directoryOf(program), program.name);
  return (await exists(path)) ? path : undefined;
}

/** Its path; builds it where it is not there yet. */
export async function installGoProgram(program: GoProgram): Promise<string> {
  const path = join(directoryOf(program), program.name);
  if (await exists(path)) return path;
  await mkdir(cache, {recursive: true});
  const staging = await mkdtemp(join(cache, 'install-'));
  try {
    await build(program, staging);
    // Two processes may install at once: the second finds the place taken, by the same program.
    await rename(staging, directoryOf(program)).catch(async (error: unknown) => {
      if (!(await exists(path))) throw error;
    });
  } finally {
    await rm(staging, {recursive: true, force: true});
  }
  return path;
}

/** In a module of its own: `go install` asks for the list of all versions, and some proxies don't give it. */
async function build(program: GoProgram, directory: string): Promise<void> {
  const {name, module, version} = program;
  const text = `module build\n\ngo ${oldestGo}\n\nrequire ${module} ${version}\n`;
  await writeFile(join(directory, 'go.mod'), text);
  const words = ['build', '-mod=mod', '-buildvcs=false', '-o', name, program.package ?? module];
  await execute('go', words, {cwd: directory, env: {...env, GOFLAGS: '', GOWORK: 'off'}});
}

function directoryOf({name, version}: GoProgram): string {
  return join(cache, `${name}-${version}`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
