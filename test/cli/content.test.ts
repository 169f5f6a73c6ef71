/** `holdfast repository` and `holdfast tag`, through a running server. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import supertest from 'supertest';
import {basic} from '../support/accounts.ts';
import {pushImage} from '../support/content.ts';
import {secret} from '../support/secrets.ts';
import {entry} from '../support/serve-process.ts';
import {onTerminal} from '../support/terminal.ts';
import {testWith} from '../support/test-with.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {bench, runningBench} from './administration-workbench.ts';
import {holdfast} from './holdfast.ts';

const password = 'a password of anna';

async function openBench(t: ExecutionContext) {
  const made = await runningBench(t);
  await made.run('user create anna --password-stdin', secret(password));
  const api = supertest.agent(made.url).set('Authorization', basic('anna', password));
  const push = async (tag: string, is: string) =>
    (await pushImage(api, 'anna/saw', {tag, annotations: {is}})).digest;
  return {...made, api, push};
}

test('repositories are listed, shown, described and deleted; a dry run deletes nothing', async (t) => {
  const {run, json, push, api} = await openBench(t);
  await push('v1', 'one');
  t.like(await json('repository list'), {repositories: [{name: 'anna/saw', tags: 1}]});
  t.like(await json('repository list --namespace other'), {repositories: []});
  t.regex((await run('repository list')).stdout, /^NAME +TAGS .*\nanna\/saw +1 /);
  t.is((await run('repository describe anna/saw', '# Saw\n\u001b[31mred')).code, 0);
  t.like(await json('repository show anna/saw'), {description: '# Saw\n\u001b[31mred', tags: 1});
  const shown = await run('repository show anna/saw');
  t.regex(shown.stdout, /# Saw\n\uFFFD\[31mred/);
  for (const [words, input] of [
    [['repository', 'describe', 'anna/saw'], 'x'.repeat(20_000_000)],
    // Each of these is six bytes to the server.
    [['repository', 'describe', 'anna/saw', '\u0001'.repeat(125_000)], undefined],
  ] as const) {
    const {code, stderr} = await run(words, input);
    t.is(code, 2);
    t.regex(stderr, /^holdfast: the (description|request) is too long.*\n$/);
  }
  t.is(
    (await run('repository delete anna/saw --dry-run')).stdout,
    'would delete anna/saw with 1 tag\n',
  );
  t.is((await api.get('/v2/anna/saw/tags/list')).status, 200);
  t.is((await run('repository delete anna/saw --yes')).code, 0);
  t.is((await api.get('/v2/anna/saw/tags/list')).status, 404);
  t.regex((await run('repository delete anna/saw --yes')).stderr, /no repository anna\/saw/);
});

test('a tag that was moved or deleted by mistake is put back', async (t) => {
  const {run, json, push, api} = await openBench(t);
  const first = await push('v1', 'one');
  const second = await push('v1', 'two');
  const pulled = async () =>
    (await api.get('/v2/anna/saw/manifests/v1')).get('Docker-Content-Digest');
  t.like(await json('tag history anna/saw:v1'), {
    entries: [
      {digest: second, by: 'anna', canRestore: true},
      {digest: first, by: 'anna', canRestore: true},
    ],
  });
  t.is(
    (await run('tag restore anna/saw:v1 --dry-run')).stdout,
    `would point anna/saw:v1 at ${first}\n`,
  );
  t.is(await pulled(), second);
  t.like(await json('tag restore anna/saw:v1'), {digest: first, restored: true});
  t.is(await pulled(), first);
  t.like(await json('tag delete anna/saw:v1 --yes'), {deleted: true});
  t.like(await json('tag list anna/saw --deleted'), {
    tags: [{name: 'v1', digest: first, canRestore: true}],
  });
  t.is((await run(`tag restore anna/saw:v1 --digest ${second}`)).code, 0);
  t.is(await pulled(), second);
});

test('tags are listed, shown and deleted, each alone', async (t) => {
  const {run, json, push} = await openBench(t);
  const digest = await push('v1', 'one');
  for (const tag of ['v2', 'v3']) await push(tag, 'one');
  t.like(await json('tag show anna/saw:v1'), {digest, pushedBy: 'anna', pulls: 0});
  t.is(
    (await run('tag delete anna/saw:v1 anna/saw:v2 --dry-run')).stdout,
    'would delete anna/saw:v1, anna/saw:v2\n',
  );
  t.not((await run('tag delete anna/saw:v1 anna/saw:none --yes')).code, 0);
  t.is((await run('tag delete anna/saw:v1 anna/saw:v2 anna/saw:v1 --yes')).code, 0);
  t.like(await json('tag list anna/saw'), {tags: [{name: 'v3', digest}]});
  t.regex((await run('tag list anna/saw')).stdout, /^TAG +DIGEST .*\nv3 +sha256:/);
  for (const limit of ['abc', '0', '1001', '1.5']) {
    const {code, stderr} = await run(`tag history anna/saw:v3 --limit ${limit}`);
    t.is(code, 2);
    t.regex(
      stderr,
      /--limit <number>' argument '.*' is invalid\. It must be a number from 1 to 1000/,
    );
  }
  for (const verbose of ['tag show anna/saw:v3', 'repository show anna/saw', 'reindex']) {
    t.regex(
      (await run(`${verbose} --verbose`)).stderr,
      /the running server was asked: .*admin\.sock/,
    );
  }
});

testWith(
  ['script'],
  'where one of several tags can not be deleted, those that are gone are named',
  async (t) => {
    const {cwd, run, push} = await openBench(t);
    for (const tag of ['v1', 'v2']) await push(tag, 'one');
    // Somebody else deletes the second meanwhile.
    const command = `exec ${process.execPath} ${entry} tag delete anna/saw:v1 anna/saw:v2`;
    const {code, output} = await onTerminal(
      t,
      command,
      [
        {
          after: /\[y\/N\] /,
          type: async () => {
            await run('tag delete anna/saw:v2 --yes');
            return 'y\r';
          },
        },
      ],
      {cwd, env: {PATH: process.env['PATH']}},
    );
    t.is(code, 1);
    t.regex(output, /no tag anna\/saw:v2.*; deleted before: anna\/saw:v1\r\n/);
  },
);

test('what is no name is refused before anything is done, and without a server it says so', async (t) => {
  const {run} = await openBench(t);
  for (const command of ['tag show anna/saw', 'tag show ../x:v1', 'repository show A/b']) {
    t.is((await run(command)).code, 2, command);
  }
  t.regex((await run('tag history anna/saw:v1')).stderr, /no tag anna\/saw:v1/);
  const alone = await (await bench(t)).run('repository list');
  t.is(alone.code, 1);
  t.regex(alone.stderr, /no server runs in \/\S+\/data: start it/);
});

test('the verbs print by a server elsewhere what they print here', async (t) => {
  const made = await openBench(t);
  const {run, push, url} = made;
  const first = await push('v1', 'one');
  await push('v1', 'two');
  await push('v2', 'one');
  const token = secret((await run('app-token create --user anna --name here')).stdout.trim());
  const cwd = await temporaryDirectory(t);
  await writeFile(join(cwd, 'token'), `anna:${token}\n`, {mode: 0o600});
  const there = ['--server', url, '--token-file', 'token'];
  const elsewhere = async (line: string) => holdfast([...line.split(' '), ...there], {cwd});
  for (const line of [
    'repository list',
    'repository show anna/saw',
    'tag list anna/saw',
    'tag show anna/saw:v1',
    'tag history anna/saw:v1',
  ]) {
    const [here, by] = await Promise.all([run(`${line} --json`), elsewhere(`${line} --json`)]);
    t.deepEqual(JSON.parse(by.stdout), JSON.parse(here.stdout), line);
  }
  t.is((await elsewhere('repository describe anna/saw Sharp')).code, 0);
  t.is(
    (await elsewhere('tag restore anna/saw:v1')).stdout,
    `anna/saw:v1 points at ${first} again\n`,
  );
  t.is((await elsewhere('tag delete anna/saw:v2 --yes')).code, 0);
  t.deepEqual(
    JSON.parse((await elsewhere('tag list anna/saw --deleted --json')).stdout),
    JSON.parse((await run('tag list anna/saw --deleted --json')).stdout),
  );
  t.is((await elsewhere('repository delete anna/saw --yes')).code, 0);
  t.is((await elsewhere('repository show anna/saw')).code, 1);
});
