import type {ExecutionContext} from 'ava';
import {basic, bearer, lastRefused, passwordOf, soon} from '../support/accounts.ts';
import {startPostgres, urlOf} from '../support/database-server.ts';
import {testWith} from '../support/test-with.ts';
import {nodesOf, type TestNode} from './nodes.ts';

async function pairOf(t: ExecutionContext) {
  const server = await startPostgres(t);
  const nodes = await nodesOf(t, {
    config: {auth: {mode: 'accounts'}, metadata: {url: urlOf(await server.fresh())}},
    cluster: {mode: 'active-active'},
  });
  return {a: await nodes.start('a'), b: await nodes.start('b')};
}

const statusOf = async (node: TestNode, path: string, authorization: string): Promise<number> =>
  (await node.ask(path, {headers: {Authorization: authorization}})).status;

async function tokenOf(node: TestNode, name: string): Promise<string> {
  const challenge = (await node.ask('/v2/')).headers['www-authenticate'];
  const service = /service="([^"]*)"/.exec(String(challenge))?.[1] ?? '';
  const answer = await node.ask(`/auth/token?${new URLSearchParams({service}).toString()}`, {
    headers: {Authorization: basic(name)},
  });
  return (JSON.parse(answer.body.toString()) as {token: string}).token;
}

testWith(
  ['postgres'],
  'who is made on one node logs in on the other, and whose account is disabled there has tokens no more here',
  async (t) => {
    const {a, b} = await pairOf(t);
    for (const name of ['root', 'anna'])
      await a.given(`${passwordOf(name)}\n`)('user', 'create', name, '--password-stdin');
    const late = await lastRefused(async () => (await statusOf(b, '/v2/', basic('anna'))) === 200);
    t.true(late < soon, `${late} ms`);

    // A token of one node counts on the other: they have one key.
    const token = await tokenOf(a, 'anna');
    t.is(await statusOf(b, '/v2/', bearer(token)), 200);

    await b.holdfast('user', 'disable', 'anna');
    const last = await lastRefused(async () => (await statusOf(a, '/v2/', bearer(token))) === 401);
    t.true(last < soon, `${last} ms`);
    t.is(await statusOf(a, '/v2/', basic('anna')), 401);
  },
);
