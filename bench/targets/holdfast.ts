/** Holdfast as it is shipped: built, on the Node that npm installed. */
import {execFile} from 'node:child_process';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import type {Account} from './account.ts';
import {startServer} from './start-server.ts';
import type {Place, Target} from './target.ts';

type Wishes = {
  /** A checkout that is built; that of this file unless set. */
  readonly directory?: string;
  readonly name?: string;
  /** Open to all, unless set. */
  readonly withAccounts?: boolean;
};

const execute = promisify(execFile);
const ownDirectory = fileURLToPath(new URL('../../', import.meta.url));

/** Not the admin: somebody who may what he may in his own namespace, and in `bench/` lies all that is asked for. */
const account: Account = {name: 'bench', password: 'the password of the bench'};

/** Nothing that the user's shell says about another Holdfast may change what is measured. */
export const withoutSettings = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith('HOLDFAST_') || name === 'NODE_OPTIONS')
    .map((name) => [name, undefined]),
);

/** Logs of single requests are off, as they are for all. */
export async function holdfast({
  directory = ownDirectory,
  name = 'holdfast',
  withAccounts = false,
}: Wishes = {}): Promise<Target> {
  const text = await readFile(join(directory, 'package.json'), 'utf8').catch((cause: unknown) => {
    throw new Error(`${directory} is no built Holdfast`, {cause});
  });
  const {version} = JSON.parse(text) as {version: string};
  const title = name === 'holdfast' ? `Holdfast ${version}` : name;
  const program = join(directory, 'node_modules/.bin/node');
  return {
    name: withAccounts ? `${name}-accounts` : name,
    title: withAccounts ? `${title} with accounts` : title,
    layout: 'distribution',
    alone: name !== 'holdfast',
    protocols: ['http', 'https'],
    accounts: withAccounts ? 'on' : 'off',
    start: async (place) => {
      const configFile = join(place.home, 'holdfast.yaml');
      const command = (...words: readonly string[]) => ({
        program,
        args: [join(directory, 'bin/holdfast.js'), ...words, '--config', configFile],
        env: withoutSettings,
      });
      const prepare = async (port: number) => {
        await writeFile(configFile, JSON.stringify(configurationOf(place, port, withAccounts)));
        // The first one is the admin.
        for (const each of withAccounts ? [{...account, name: 'admin'}, account] : []) {
          await createUser(each, command('user', 'create', each.name, '--password-stdin'));
        }
        return command('serve');
      };
      return startServer(place, prepare, withAccounts ? account : undefined);
    },
  };
}

function configurationOf(
  {root, home, protocol, pair, tokenKey = 'certificate'}: Place,
  port: number,
  withAccounts: boolean,
) {
  // Without TLS, too, the pair signs tokens where it is there.
  const ownPair = withAccounts && protocol === 'http' ? pair : {};
  return {
    dataDir: join(home, 'data'),
    http: {listen: [`127.0.0.1:${port}`]},
    auth: {mode: withAccounts ? 'accounts' : 'none'},
    ...(withAccounts ? {token: {key: tokenKey}} : {}),
    log: {level: 'warn'},
    tls: {mode: protocol === 'https' ? 'self-signed' : 'off', ...ownPair},
    storage: {root},
  };
}

async function createUser(
  {password}: Account,
  {program, args, env}: {program: string; args: readonly string[]; env: NodeJS.ProcessEnv},
): Promise<void> {
  const created = execute(program, [...args], {env: {...process.env, ...env}});
  created.child.stdin?.end(password);
  await created;
}
