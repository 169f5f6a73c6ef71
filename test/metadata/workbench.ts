/** A fresh database in a file, people in it, and processes that do things to it at once. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import path from 'node:path';
import {text} from 'node:stream/consumers';
import type {ExecutionContext} from 'ava';
import {createPerson, type NewPerson} from '../../src/metadata/accounts.ts';
import {
  type Database,
  type DatabaseOptions,
  type DatabasePlace,
  openDatabase,
} from '../../src/metadata/database.ts';
import {parseTeamName, type TeamName} from '../../src/metadata/team-name.ts';
import type {User} from '../../src/metadata/users.ts';
import {type RepositoryName, parseRepositoryName} from '../../src/oci/name.ts';
import {parseUserName, type UserName} from '../../src/oci/user-name.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';

export const now = Date.UTC(2030, 0, 1);

export async function freshFile(t: ExecutionContext): Promise<string> {
  return path.join(await memoryDirectory(t), 'database/holdfast.db');
}

/** Closes with the test. */
export async function open(t: ExecutionContext, options: DatabaseOptions): Promise<Database> {
  const database = await openDatabase({now: () => new Date(now), ...options});
  t.teardown(async () => database.close());
  return database;
}

export async function freshDatabase(t: ExecutionContext): Promise<Database['db']> {
  return (await open(t, {file: await freshFile(t)})).db;
}

export function userName(text: string): UserName {
  const name = parseUserName(text);
  if (name === undefined) throw new Error(`${text} is no name of an account`);
  return name;
}

export function teamName(text: string): TeamName {
  const name = parseTeamName(text);
  if (name === undefined) throw new Error(`${text} is no name of a team`);
  return name;
}

export const repositoryName = (text: string): RepositoryName => parseRepositoryName(text);

/** What must have been made; a word says why it was not. */
export function made<T extends object>(result: T | string): T {
  if (typeof result === 'string') throw new Error(result);
  return result;
}

export async function person(
  db: Database['db'],
  name: string,
  more: Partial<NewPerson> = {},
): Promise<User> {
  return made(await createPerson(db, {name: userName(name), now, ...more}));
}

const actor = path.join(import.meta.dirname, 'actor.ts');

export interface Actor {
  /** Lets it begin; resolves with what it answers. */
  readonly act: () => Promise<unknown>;
  /** Lets it begin; resolves with the lines that it wrote before it was killed, which happens after so many. */
  readonly killAfter: (lines: number) => Promise<readonly string[]>;
}

/** A process that is about to do something to the database. */
export async function startActor(
  t: ExecutionContext,
  place: DatabasePlace,
  action: string,
  input: object = {},
): Promise<Actor> {
  const child = spawn(process.execPath, [
    actor,
    JSON.stringify(place),
    action,
    JSON.stringify(input),
  ]);
  t.teardown(() => child.kill('SIGKILL'));
  const faults = text(child.stderr);
  const exit = once(child, 'exit');
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (output += piece));
  const lines = (): string[] => output.split('\n').slice(1, -1);
  const outcome = async (): Promise<void> => {
    await exit;
    t.is(await faults, '');
  };
  await Promise.race([once(child.stdout, 'data'), outcome()]);
  return {
    act: async () => {
      child.stdin.write('go\n');
      await outcome();
      return JSON.parse(lines()[0] ?? 'null') as unknown;
    },
    killAfter: async (count) => {
      child.stdin.write('go\n');
      while (lines().length < count) await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await outcome();
      return lines();
    },
  };
}

/** Starts them all, lets them begin together, and resolves with their answers. */
export async function race(
  t: ExecutionContext,
  place: DatabasePlace,
  actions: readonly (readonly [action: string, input: object])[],
): Promise<unknown[]> {
  const actors = await Promise.all(
    actions.map(async ([action, input]) => startActor(t, place, action, input)),
  );
  return Promise.all(actors.map(async ({act}) => act()));
}
