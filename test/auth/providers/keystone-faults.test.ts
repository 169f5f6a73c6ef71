/** What answers in the place of Keystone when something is wrong. */
import type {Socket} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {ProviderFault} from '../../../src/auth/providers/provider-fault.ts';
import {KeystoneProvider} from '../../../src/auth/providers/keystone.ts';
import {keystoneSettings} from '../../../src/config/keystone-schema.ts';
import {listen} from '../../support/listener.ts';
import {freePort} from '../../support/ports.ts';
import {keptLog, never} from '../workbench.ts';

const credentials = {username: 'anna', password: 'correct horse'};

function provide(url: string, more: object = {}): KeystoneProvider {
  const settings = keystoneSettings.parse({url, timeout: '300ms', ...more});
  return new KeystoneProvider({settings: {...settings, url}, log: keptLog().log});
}

/** The URL of what listens in its place. */
const impostor = async (t: ExecutionContext, serve: (socket: Socket) => void): Promise<string> =>
  `http://127.0.0.1:${await listen(t, serve)}/v3`;

const answering =
  (status: string, body: string, headers = '') =>
  (socket: Socket): void => {
    socket.once('data', () => {
      const length = Buffer.byteLength(body);
      socket.end(`HTTP/1.1 ${status}\r\nContent-Length: ${length}\r\n${headers}\r\n${body}`);
    });
  };

const token = JSON.stringify({
  token: {user: {id: 'x', name: 'anna', domain: {id: 'default', name: 'Default'}}},
});
const mistaken = /it answers (\d+).* not as Keystone does \(check auth\.keystone\.url/;

for (const [what, {serve, said}] of Object.entries<{
  serve: (socket: Socket) => void;
  said: RegExp;
}>({
  'says nothing': {
    serve: () => undefined,
    said: /no answer within 300 ms \(a firewall, .* auth\.keystone\.timeout/,
  },
  'drips its answer': {
    serve: (socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 201 Created\r\nContent-Length: 100000\r\n\r\n{');
      }),
    said: /no answer within 300 ms/,
  },
  'closes at once': {
    serve: (socket) => socket.destroy(),
    said: /the connection was closed \(if this port expects TLS from the beginning, write https/,
  },
  'speaks something else': {
    serve: (socket) => socket.once('data', () => socket.end('220 mail.example.org ESMTP\r\n')),
    said: /the answer is not HTTP/,
  },
  'sends without end': {
    serve: (socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 201 Created\r\n\r\n');
        const more = (): void => {
          while (socket.writable && socket.write(Buffer.alloc(65_536, 0x20)));
        };
        socket.on('drain', more);
        more();
      }),
    said: /the answer is too large|no answer within/,
  },
  'is broken': {
    serve: answering('500 Oops', '{"error": {"message": "no database"}}'),
    said: /500 \(no database\)/,
  },
  'is a web page': {serve: answering('200 OK', '<html>'), said: mistaken},
  'sends us elsewhere': {
    serve: answering('302 Found', '', 'Location: http://192.0.2.1/\r\n'),
    said: mistaken,
  },
  'gives no token': {serve: answering('201 Created', token), said: mistaken},
  'gives a token that names nobody': {
    serve: answering('201 Created', '{"token": {}}', 'X-Subject-Token: x\r\n'),
    said: mistaken,
  },
  'is too busy': {serve: answering('429 Too Many Requests', ''), said: mistaken},
})) {
  test(`a Keystone that ${what} can not be asked, which is found soon and said`, async (t) => {
    const url = await impostor(t, serve);
    const startedAt = performance.now();
    // On a busy machine an answer takes its time, and is none of those that never come.
    const isLate = said.source.startsWith('no answer');
    const provider = provide(url, isLate ? {} : {timeout: '4s'});
    const error = await t.throwsAsync(provider.login(credentials, never), {
      instanceOf: ProviderFault,
    });
    t.regex(error.message, said);
    t.true(error.message.startsWith(url));
    t.false(error.message.includes(credentials.password));
    t.true(performance.now() - startedAt < 5000);
  });
}

test('a Keystone that is not there can not be asked', async (t) => {
  const provider = provide(`http://127.0.0.1:${await freePort(t)}/v3`, {timeout: '30s'});
  for (const asked of [provider.login(credentials, never), provider.check(never)]) {
    const error = await t.throwsAsync(asked, {instanceOf: ProviderFault});
    t.regex(
      error.message,
      /nothing listens there \(check the host and port of auth\.keystone\.url\)/,
    );
  }
  const nowhere = provide('http://keystone.invalid:5000/v3', {timeout: '30s'});
  const error = await t.throwsAsync(nowhere.login(credentials, never), {instanceOf: ProviderFault});
  t.regex(error.message, /the name of the host is not known/);
});

test('a refusal is no outage, and the log says what Keystone said', async (t) => {
  const body = JSON.stringify({error: {code: 401, message: 'The password is expired'}});
  const url = await impostor(
    t,
    answering('401 Unauthorized', body, 'Openstack-Auth-Receipt: secret-receipt\r\n'),
  );
  const kept = keptLog();
  const settings = keystoneSettings.parse({url});
  const provider = new KeystoneProvider({settings: {...settings, url}, log: kept.log});
  t.deepEqual(await provider.login(credentials, never), {outcome: 'not-accepted'});
  t.deepEqual(kept.lines, [
    {
      level: 'info',
      message: 'Keystone refuses',
      fields: {status: 401, reason: 'The password is expired', needsSecondFactor: true},
    },
  ]);
});

test('a name that Keystone takes for another is not accepted', async (t) => {
  const url = await impostor(t, (socket) => {
    socket.on('data', () => {
      const head = 'HTTP/1.1 201 Created\r\nX-Subject-Token: x\r\n';
      socket.write(`${head}Content-Length: ${Buffer.byteLength(token)}\r\n\r\n${token}`);
    });
  });
  const provider = provide(url, {timeout: '5s'});
  const outcomeOf = async (username: string): Promise<string> =>
    (await provider.login({...credentials, username}, never)).outcome;
  t.is(await outcomeOf('anna'), 'accepted');
  t.is(await outcomeOf('anna@Default'), 'accepted');
  for (const username of ['anna ', 'Anna', 'ánna', 'anna@default ', 'anna@Défault']) {
    t.is(await outcomeOf(username), 'not-accepted', username);
  }
});

test('for a name that is another’s Keystone is asked for nobody, without the password, and may be away', async (t) => {
  const asked: string[] = [];
  const url = await impostor(t, (socket) => {
    socket.on('data', (chunk: Buffer) => asked.push(chunk.toString()));
    answering('401 Unauthorized', '{}')(socket);
  });
  await provide(url).pretend(credentials, never);
  t.regex(asked.join(''), /^POST \/v3\/auth\/tokens/);
  t.notRegex(asked.join(''), /anna|correct horse/);
  const away = provide(`http://127.0.0.1:${await freePort(t)}/v3`);
  await t.notThrowsAsync(away.pretend(credentials, never));
});

test('a login that nobody waits for any more is given up', async (t) => {
  const url = await impostor(t, () => undefined);
  const gone = new AbortController();
  const asked = provide(url, {timeout: '60s'}).login(credentials, gone.signal);
  const reason = new Error('gone');
  setImmediate(() => {
    gone.abort(reason);
  });
  t.is(await t.throwsAsync(asked), reason);
});
