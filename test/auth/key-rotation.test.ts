import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {watch} from 'node:fs';
import {copyFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import type {SigningKeys} from '../../src/auth/signing-keys.ts';
import {createTokenVerifier} from '../../src/auth/token-verifier.ts';
import {until} from '../support/raw-request.ts';
import type {Order} from './keys-process.ts';
import {issuer, keysBench, minute, service, trustFor} from './keys-workbench.ts';
import type {KeysBench} from './keys-workbench.ts';

/** A token that lives longer than the trust in its key. */
const longLived = {expiresIn: 100 * trustFor};

async function outcome(bench: KeysBench, keys: SigningKeys, token: string): Promise<string> {
  const answer = await bench.verify(keys, token);
  return answer.outcome === 'accepted' ? answer.outcome : answer.reason;
}

test('a renewed TLS pair signs at once, and logs nobody out, a restart included', async (t) => {
  const bench = await keysBench(t);
  await bench.makePair('ec:P-256');
  const keys = await bench.open();
  const {token} = await bench.issue(keys);
  const former = keys.current().publicKey.kid;
  bench.later(10 * minute);
  await bench.makePair('rsa:2048');
  await keys.refresh();
  t.not(keys.current().publicKey.kid, former);
  t.is(await outcome(bench, keys, token), 'accepted');
  await keys.close();
  const again = await bench.open();
  t.is(await outcome(bench, again, token), 'accepted');
  t.is(await outcome(bench, again, (await bench.issue(keys)).token), 'accepted');
  t.deepEqual(
    again.status().map(({state, kid}) => [state, kid]),
    [
      ['signing', keys.current().publicKey.kid],
      ['former', former],
    ],
  );
});

test('a TLS pair that was replaced while nothing ran leaves its tokens good', async (t) => {
  const bench = await keysBench(t);
  await bench.makePair('ec:P-256');
  const before = await bench.open();
  const {token} = await bench.issue(before, longLived);
  await before.close();
  bench.later(10 * minute);
  await bench.makePair('ec:P-256');
  const after = await bench.open();
  t.is(await outcome(bench, after, token), 'accepted');
  bench.later(trustFor + 2 * minute);
  t.is(await outcome(bench, after, token), 'unknown-key');
});

test('a former key is trusted for the longest lease and a minute, in the key set too, and no more after a restart', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open({kind: 'ES256'});
  const {token} = await bench.issue(keys, longLived);
  await keys.rotate();
  bench.later(trustFor + minute - 1);
  t.is(await outcome(bench, keys, token), 'accepted');
  t.is(keys.jwks().keys.length, 4);
  bench.later(1);
  t.is(await outcome(bench, keys, token), 'unknown-key');
  t.is(keys.jwks().keys.length, 2);
  await keys.close();
  t.is(await outcome(bench, await bench.open({kind: 'ES256'}), token), 'unknown-key');
});

const ways = {'': undefined, ' by its connection': {}};

for (const [way, connection] of Object.entries(ways)) {
  test(`a verified token that is remembered${way} ends with its key`, async (t) => {
    const bench = await keysBench(t);
    const keys = await bench.open({kind: 'ES256'});
    const now = () => bench.time;
    const verifier = createTokenVerifier({keys, issuer, services: [service], now});
    const {token} = await bench.issue(keys, longLived);
    t.is((await verifier.verify(token, connection)).outcome, 'accepted');
    await keys.rotate({trustFormer: false});
    t.like(await verifier.verify(token, connection), {outcome: 'rejected', reason: 'unknown-key'});
  });
}

test('a pair that is put back signs again, and is trusted without an end', async (t) => {
  const bench = await keysBench(t);
  await bench.makePair('ec:P-256');
  const [crt, key] = [join(bench.certs, 'server.crt'), join(bench.certs, 'server.key')];
  await copyFile(crt, `${crt}.kept`);
  await copyFile(key, `${key}.kept`);
  const keys = await bench.open();
  const {token} = await bench.issue(keys, longLived);
  bench.later(10 * minute);
  await bench.makePair('ec:P-256');
  await keys.refresh();
  bench.later(10 * minute);
  await copyFile(`${crt}.kept`, crt);
  await copyFile(`${key}.kept`, key);
  await keys.refresh();
  bench.later(2 * trustFor);
  await keys.refresh();
  t.is(await outcome(bench, keys, token), 'accepted');
});

test('after the loss of the pair its tokens count, and a key of its own signs', async (t) => {
  const bench = await keysBench(t);
  await bench.makePair('ed25519');
  const keys = await bench.open();
  const {token} = await bench.issue(keys);
  await rm(join(bench.certs, 'server.crt'));
  await rm(join(bench.certs, 'server.key'));
  await keys.refresh();
  t.is(keys.current().source, 'own');
  t.is(await outcome(bench, keys, token), 'accepted');
});

test('a change of token.key leaves the tokens of the former key good', async (t) => {
  const bench = await keysBench(t);
  await bench.makePair('rsa:2048');
  const former = await bench.open();
  const {token} = await bench.issue(former);
  await former.close();
  t.is(await outcome(bench, await bench.open({kind: 'EdDSA'}), token), 'accepted');
});

test('what was signed with a key that is rotated away from as a danger counts no more, in other processes neither', async (t) => {
  const bench = await keysBench(t);
  const [here, there] = [await bench.open({kind: 'ES256'}), await bench.open({kind: 'ES256'})];
  const {token} = await bench.issue(here);
  await here.rotate({trustFormer: false});
  await there.refresh();
  for (const keys of [here, there, await bench.open({kind: 'ES256'})]) {
    t.is(await outcome(bench, keys, token), 'unknown-key');
    t.is(keys.jwks().keys.length, 2);
  }
});

test('a key is distrusted before another takes its place, so that a rotation that was cut off can be repeated', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open({kind: 'ES256'});
  const record = `token-signer.${keys.current().publicKey.kid}.json`;
  const changed: string[] = [];
  const watcher = watch(bench.directory, (_event, name) => void changed.push(name ?? ''));
  t.teardown(() => {
    watcher.close();
  });
  await keys.rotate({trustFormer: false});
  await until(() => changed.includes('token-ES256.pem') && changed.includes(record));
  t.true(changed.indexOf(record) < changed.indexOf('token-ES256.pem'));
});

test('a TLS key whose record says that it is distrusted signs no more, though the pair serves on', async (t) => {
  const bench = await keysBench(t);
  await bench.makePair('ec:P-256');
  const keys = await bench.open();
  const {token} = await bench.issue(keys);
  const [name = ''] = await bench.names();
  const record = JSON.parse(await bench.read(name)) as object;
  await writeFile(join(bench.directory, name), JSON.stringify({...record, distrusted: true}));
  await keys.refresh();
  t.is(keys.current().source, 'own');
  t.is(await outcome(bench, keys, token), 'unknown-key');
});

test('a TLS key is not rotated but renewed, and the refusal says how', async (t) => {
  const bench = await keysBench(t);
  await bench.makePair('ec:P-256');
  const keys = await bench.open();
  await t.throwsAsync(keys.rotate(), {code: 'setting', message: /holdfast certificate renew/});
});

test('rotations at once leave one key that signs, and trust in all that did', async (t) => {
  const bench = await keysBench(t);
  const opened = await Promise.all([1, 2, 3].map(async () => bench.open({kind: 'ES256'})));
  const tokens: string[] = [];
  const spin = async (keys: SigningKeys): Promise<void> => {
    for (let round = 1; round <= 3; round++) {
      tokens.push((await bench.issue(keys)).token);
      await keys.rotate();
    }
  };
  await Promise.all(opened.map(spin));
  await Promise.all(opened.map(async (keys) => keys.refresh()));
  t.is(new Set(opened.map((keys) => keys.current().publicKey.kid)).size, 1);
  t.is(opened[0]?.status().length, 10);
  for (const keys of opened) {
    for (const token of tokens) t.is(await outcome(bench, keys, token), 'accepted');
  }
});

test('a clock that was ahead for a while neither lengthens trust nor loses a key', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open({kind: 'ES256'});
  const {token} = await bench.issue(keys, longLived);
  bench.later(365 * 24 * 60 * minute);
  await keys.rotate();
  bench.later(-365 * 24 * 60 * minute);
  await keys.refresh();
  t.is(await outcome(bench, keys, token), 'accepted');
  bench.later(trustFor + 2 * minute);
  await keys.refresh();
  t.is(await outcome(bench, keys, token), 'unknown-key');
  t.is(keys.status().length, 1);
});

test('records that count no more are removed in the end', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open({kind: 'ES256'});
  await keys.rotate();
  t.is((await bench.names()).length, 3);
  bench.later(31 * 24 * 60 * minute);
  await keys.refresh();
  t.is((await bench.names()).length, 2);
});

test('another process knows the tokens of a key that was made a moment ago, and signs with it when it has looked', async (t) => {
  const bench = await keysBench(t);
  const realm = startProcess(t, bench.directory);
  const registry = startProcess(t, bench.directory);
  const first = await realm({verb: 'issue'});
  t.is(await registry({verb: 'verify', token: first}), 'accepted');
  await realm({verb: 'rotate'});
  const second = await realm({verb: 'issue'});
  t.is(await registry({verb: 'verify', token: second}), 'accepted');
  t.is(await registry({verb: 'verify', token: first}), 'accepted');
  const third = await registry({verb: 'issue'});
  t.is(await realm({verb: 'verify', token: third}), 'accepted');
  t.is(third.split('.')[0], second.split('.')[0]);
});

test('a process that nobody asks anything signs with the new key by itself', async (t) => {
  const bench = await keysBench(t);
  const here = await bench.open({kind: 'ES256'});
  const seen = Promise.withResolvers<unknown>();
  const ignore = (): void => undefined;
  const hear = ({kid}: Readonly<Record<string, unknown>>): void => {
    if (kid !== first) seen.resolve(kid);
  };
  const first = here.current().publicKey.kid;
  const log = {debug: ignore, info: hear, warn: ignore, error: ignore};
  const there = await bench.open({kind: 'ES256', pollInterval: 10, log});
  const {kid} = await here.rotate();
  t.is(await seen.promise, kid);
  t.is(there.current().publicKey.kid, kid);
});

test('a flood of unknown keys causes a look a second at most, and hides no new key', async (t) => {
  const bench = await keysBench(t);
  let looks = 0;
  const pair = async (): Promise<undefined> => {
    looks++;
    return Promise.resolve(undefined);
  };
  const here = await bench.open({kind: 'ES256'});
  const there = await bench.open({pair});
  const [start, before] = [performance.now(), looks];
  const unknown = (index: number): string => index.toString().padStart(43, 'A');
  for (let round = 0; round < 2; round++) {
    const flood = Array.from({length: 1000}, async (_, index) => there.find(unknown(index)));
    t.true((await Promise.all(flood)).every((key) => key === undefined));
  }
  const {kid} = await here.rotate();
  const flood = Array.from({length: 1000}, async (_, index) => there.find(unknown(index)));
  t.truthy(await there.find(kid));
  await Promise.all(flood);
  t.true(looks - before <= 1 + (performance.now() - start) / 1000, `${looks - before} looks`);
});

type Talk = (order: Order) => Promise<string>;

function startProcess(t: ExecutionContext, directory: string): Talk {
  const script = fileURLToPath(new URL('keys-process.ts', import.meta.url));
  const child = spawn(process.execPath, [script, directory, 'ES256'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  t.teardown(async () => {
    child.kill();
    await exited;
  });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return async (order) => {
    child.stdin.write(`${JSON.stringify(order)}\n`);
    const answer = await lines.next();
    return answer.done === true ? 'gone' : answer.value;
  };
}
