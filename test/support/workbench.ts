/** A place for one test's clients: a home, storage and settings that nobody else sees. */
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {run} from './command.ts';
import {temporaryDirectory} from './temporary-directory.ts';

/** Runs the program with these words, answers with its trimmed standard output. */
export type Client = (...args: string[]) => Promise<string>;

type Environment = Readonly<Record<string, string>>;

export type ClientWithEnvironment = Client & {
  /** In which it runs, for what is started beside it. */
  readonly env: Environment;
  /** The same program, which reads this from its standard input. */
  readonly given: (input: string) => Client;
};

export class Workbench {
  readonly directory: string;
  readonly #t: ExecutionContext;
  readonly #env: Environment;

  constructor(t: ExecutionContext, directory: string) {
    this.#t = t;
    this.directory = directory;
    this.#env = {
      HOME: this.path('home'),
      XDG_RUNTIME_DIR: this.path('run'),
      XDG_CONFIG_HOME: this.path('home/.config'),
      XDG_CACHE_HOME: this.path('home/.cache'),
      XDG_DATA_HOME: this.path('home/.local'),
      DOCKER_CONFIG: this.path('home/.docker'),
      CONTAINERS_CONF: this.path('containers.conf'),
      BUILDAH_ISOLATION: 'chroot',
    };
  }

  /** A path in the test's directory. */
  path(name: string): string {
    return join(this.directory, name);
  }

  /** `program`, always called with `firstArgs` and `env`. */
  client(
    program: string,
    firstArgs: readonly string[] = [],
    env: Environment = {},
  ): ClientWithEnvironment {
    const given =
      (input: string): Client =>
      async (...args) =>
        (await this.#run(program, [...firstArgs, ...args], env, input)).trim();
    return Object.assign(given(''), {env: {...this.#env, ...env}, given});
  }

  /** The very bytes of a manifest, as skopeo got them. */
  async manifest(image: string, ...options: string[]): Promise<string> {
    return this.#run('skopeo', ['inspect', '--raw', ...options, image]);
  }

  get buildah(): Client {
    const storage = ['--root', this.path('buildah'), '--runroot', this.path('run/buildah')];
    return this.client('buildah', [...storage, '--storage-driver', 'vfs']);
  }

  get podman(): ClientWithEnvironment {
    const storage = ['--root', this.path('podman'), '--runroot', this.path('run/podman')];
    const engine = ['--cgroup-manager', 'cgroupfs', '--events-backend', 'file'];
    const tmpdir = ['--tmpdir', this.path('run/podman-tmp')];
    return this.client('podman', [...storage, '--storage-driver', 'vfs', ...engine, ...tmpdir]);
  }

  get skopeo(): ClientWithEnvironment {
    return this.client('skopeo');
  }

  get umoci(): Client {
    return this.client('umoci');
  }

  async #run(program: string, args: string[], env: Environment = {}, input = ''): Promise<string> {
    const options = {cwd: this.directory, env: {...this.#env, ...env}, input};
    return (await run(program, args, options)).stdout;
  }

  /** Fails the test unless the command fails, saying something that matches `pattern`. */
  async refuses(command: Promise<unknown>, pattern: RegExp): Promise<void> {
    const error = await this.#t.throwsAsync(command, {name: 'CommandError'});
    this.#t.regex(error.message, pattern);
  }
}

/** Makes the test's workbench. */
export async function workbench(t: ExecutionContext): Promise<Workbench> {
  t.timeout(150_000);
  const bench = new Workbench(t, await temporaryDirectory(t));
  await mkdir(bench.path('home/.docker'), {recursive: true});
  await writeFile(bench.path('home/.docker/config.json'), '{}');
  await mkdir(bench.path('run'), {mode: 0o700});
  // Locks in files: podman keeps them in shared memory otherwise, one table for the whole machine.
  await writeFile(bench.path('containers.conf'), '[engine]\nlock_type = "file"\n');
  return bench;
}
