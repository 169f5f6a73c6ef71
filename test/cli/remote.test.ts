/** The verbs of the administration, done by a server elsewhere. */
import {once} from 'node:events';
import {writeFile} from 'node:fs/promises';
import {createServer, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import Sqlite from 'better-sqlite3';
import {startHoldfast} from '../support/holdfast.ts';
import {secret} from '../support/secrets.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {bench, runningBench} from './administration-workbench.ts';
import {type Ended, holdfast} from './holdfast.ts';

const password = secret('correct horse');

interface Elsewhere {
  readonly url: string;
  /** Of the server. */
  readonly home: string;
  /** A command without a data directory. */
  readonly run: (words: string, input?: string) => Promise<Ended>;
  /** What it prints with --json; fails the test unless it ends with 0. */
  readonly json: (words: string, input?: string) => Promise<unknown>;
  /** The command on the host of the server. */
  readonly there: (words: string, input?: string) => Promise<Ended>;
}

/** A server with the admin admin, and a place elsewhere with a token of his. */
async function elsewhere(t: ExecutionContext): Promise<Elsewhere> {
  const server = await runningBench(t, {HOLDFAST_ADMIN_PASSWORD: password});
  const cwd = await temporaryDirectory(t);
  const {stdout} = await server.run('app-token create --user admin --name here');
  await writeFile(join(cwd, 'token'), `admin:${stdout.trim()}\n`, {mode: 0o600});
  const words = ['--server', server.url, '--token-file', 'token'];
  const run: Elsewhere['run'] = async (line, input) =>
    holdfast([...line.split(' '), ...words], {cwd, ...(input === undefined ? {} : {input})});
  return {
    url: server.url,
    home: server.cwd,
    run,
    json: async (line, input) => {
      const {code, stdout: printed, stderr} = await run(`${line} --json`, input);
      t.is(code, 0, stderr);
      return JSON.parse(printed) as unknown;
    },
    there: server.run,
  };
}

test('people are made, shown, changed and deleted by a server elsewhere, as by one here', async (t) => {
  const {run, json, there} = await elsewhere(t);
  const made = await run('user create anna --password-stdin --email anna@example.org', password);
  t.is(made.stdout, 'made the user anna, with the namespace anna/\n');
  t.like(await json('user show anna'), {
    name: 'anna',
    email: 'anna@example.org',
    provider: 'local',
    teams: [{name: 'user:anna', role: 'owner'}],
    tokens: 0,
  });
  const [here, by] = await Promise.all([there('user list --json'), run('user list --json')]);
  t.deepEqual(JSON.parse(by.stdout), JSON.parse(here.stdout));
  t.is((await run('user admin anna')).stdout, 'anna is an admin\n');
  t.is((await run('user disable anna --yes')).stdout, 'anna is disabled\n');
  t.is((await run('user enable anna')).stdout, 'anna is enabled\n');
  t.regex((await run('user password anna --password-stdin', password)).stdout, /new password/);
  t.regex((await run('user delete anna --yes')).stdout, /namespace delete anna frees the name/);
});

test('teams, namespaces, robots and tokens, too', async (t) => {
  const {run, json, there, home} = await elsewhere(t);
  for (const words of [
    'team create makers --owner admin --description Makers',
    'user create bert --password-stdin',
    'team add-member makers bert --role viewer',
    'team set-role makers bert --role contributor',
    'namespace create tools --team makers',
    'namespace set-visibility tools public',
    'namespace create more --team makers',
    'namespace set-team more user:bert',
  ]) {
    const {code, stderr} = await run(words, password);
    t.is(code, 0, `${words}: ${stderr}`);
  }
  const robot = await run('robot create ci --team makers --role contributor --expires-in 30d');
  t.regex(robot.stdout, /^hfa_\w+\n$/);
  const changed = await run('robot change ci --role viewer --description Builds --disable');
  t.is(changed.stdout, 'ci is viewer in makers, and is disabled\n');
  await run('app-token create --user admin --name ci --namespace tools --pull-only');
  for (const words of [
    'team list',
    'team show makers',
    'namespace list',
    'namespace show /',
    'namespace show tools',
    'robot list',
    'app-token list --user ci',
  ]) {
    const {stdout} = await there(`${words} --json`);
    t.deepEqual(await json(words), JSON.parse(stdout), words);
  }
  const database = new Sqlite(join(home, 'data/database/holdfast.db'));
  database.exec(`
    with recursive n(i) as (select 1 union all select i + 1 from n where i < 1100)
    insert into namespaces (id, name, team_id, visibility, description, created_at)
    select 'n' || i, 'many-' || i, (select id from teams where name = 'makers'), 'private', '', 0 from n`);
  const shown = JSON.parse((await there('team show makers --json')).stdout) as {
    namespaces: unknown[];
  };
  t.is(shown.namespaces.length, 1101);
  t.deepEqual(await json('team show makers'), shown);
  database.exec("delete from namespaces where id like 'n%' and name like 'many-%'");
  database.close();
  for (const words of [
    'app-token delete --user admin --name ci --yes',
    'robot delete ci --yes',
    'team remove-member makers bert --yes',
    'namespace delete more --yes',
    'namespace delete tools --yes',
    'team delete makers --yes',
  ]) {
    const {code, stderr} = await run(words);
    t.is(code, 0, `${words}: ${stderr}`);
  }
});

test('what is refused there is told in one sentence, with the same exit code', async (t) => {
  const {run, url} = await elsewhere(t);
  t.like(await run('user create admin --password-stdin', password), {
    code: 1,
    stderr: 'holdfast: there is an account admin already\n',
  });
  t.like(await run('user show nobody'), {code: 1, stderr: 'holdfast: there is no such account\n'});
  const wrong = await run('user create Bad --password-stdin', password);
  t.is(wrong.code, 2);
  t.regex(wrong.stderr, /username must be in lower case/);
  t.regex((await run('keys show')).stderr, /keys show works on this host alone/);
  t.regex((await run('serve')).stderr, /serve works on this host alone/);
  const {run: other} = await bench(t);
  const asked = ['user', 'list', '--server', url];
  t.regex((await other(asked)).stderr, /--server needs --token-file, or HOLDFAST_TOKEN/);
});

test('the token comes out of the environment as well, and a wrong one is told without it', async (t) => {
  const {url, there} = await elsewhere(t);
  const cwd = await temporaryDirectory(t);
  const {stdout} = await there('app-token create --user admin --name more');
  const token = stdout.trim();
  const words = ['user', 'list', '--server', url];
  const ask = async (text: string) => holdfast(words, {cwd, env: {HOLDFAST_TOKEN: text}});
  t.is((await ask(`admin:${token}`)).code, 0);
  for (const text of [token, `admin: ${token}`, `nobody:${token}`, '']) {
    const {code, stderr} = await ask(text);
    t.not(code, 0);
    t.false(stderr.includes(token));
  }
});

for (const [what, words, said] of [
  ['no address', ['--server', 'registry'], /must be an address such as/],
  ['a password in it', ['--server', 'https://a:b@registry'], /an address alone/],
  ['plain HTTP elsewhere', ['--server', 'http://registry.example.org'], /must begin with https/],
  ['no file of a token', ['--server', 'https://localhost:1', '--token-file', 'none'], /not exist/],
  ['a token without a server', ['--token-file', 'none'], /with --server alone/],
] as const) {
  test(`a server with ${what} ends with 2 before anybody is asked`, async (t) => {
    const {run} = await bench(t);
    const {code, stderr} = await run(['user', 'list', ...words]);
    t.is(code, 2);
    t.regex(stderr, said);
  });
}

test('a certificate is verified: with its CA it does, without it the sentence says what to give', async (t) => {
  const server = await startHoldfast(t, {
    settings: {auth: {mode: 'accounts'}},
    env: {HOLDFAST_ADMIN_PASSWORD: password},
  });
  const token = await server.command('app-token create --user admin --name here');
  const cwd = await temporaryDirectory(t);
  const env = {HOLDFAST_TOKEN: `admin:${secret(token)}`};
  const words = ['user', 'list', '--server', server.url];
  t.is((await holdfast([...words, '--ca-file', server.caFile], {cwd, env})).code, 0);
  const {code, stderr} = await holdfast(words, {cwd, env});
  t.is(code, 1);
  t.regex(stderr, /certificate/);
  t.regex(stderr, /--ca-file/);
});

/** Answers as it is told, and hears who logs in. */
async function impostor(t: ExecutionContext, answer: RequestListener) {
  const server = createServer().on('request', answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

for (const [what, status, headers, body, said] of [
  ['is no API', 200, {}, '<html>', /does not understand/],
  ['is no Holdfast', 404, {}, 'nothing', /answers 404, and not as the API/],
  ['leads elsewhere', 302, {Location: 'http://127.0.0.1:1/'}, '', /answers 302/],
  ['answers gigabytes', 200, {}, 'x'.repeat(5_000_000), /large/],
  [
    'writes on the terminal',
    403,
    {},
    JSON.stringify({errors: [{code: 'x', message: 'a\u001b[31mb\nc'}]}),
    /^holdfast: a \[31mb c\n$/,
  ],
] as const) {
  test(`a server that ${what} is told in a sentence`, async (t) => {
    const url = await impostor(t, (_request, response) => {
      response.writeHead(status, headers).end(body);
    });
    const cwd = await temporaryDirectory(t);
    const env = {HOLDFAST_TOKEN: 'admin:token'};
    const {code, stderr} = await holdfast(['user', 'list', '--server', url], {cwd, env});
    t.is(code, 1);
    t.regex(stderr, said);
  });
}

test('a server that is away is told with its address', async (t) => {
  const cwd = await temporaryDirectory(t);
  const env = {HOLDFAST_TOKEN: 'admin:token'};
  const words = ['user', 'list', '--server', 'http://127.0.0.1:1'];
  const {code, stderr} = await holdfast(words, {cwd, env});
  t.is(code, 1);
  t.regex(stderr, /http:\/\/127\.0\.0\.1:1: .*(?:refused|nobody|listens)/);
});
