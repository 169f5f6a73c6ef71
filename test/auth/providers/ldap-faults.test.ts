/** What answers in the place of a directory when something is wrong. */
import {connect as connectTo, type Socket} from 'node:net';
import type {ExecutionContext} from 'ava';
import {type LdapSettings, ldapSettings} from '../../../src/config/ldap-schema.ts';
import {listen} from '../../support/listener.ts';
import {base} from '../../support/slapd.ts';
import {testWith} from '../../support/test-with.ts';
import {faultsOf, password, programs, provide, sharedDirectory} from './ldap-workbench.ts';

const directory = sharedDirectory();

/** What listens in the place of a directory. */
async function impostor(
  t: ExecutionContext,
  serve: (socket: Socket) => void,
): Promise<LdapSettings> {
  const port = await listen(t, serve);
  return ldapSettings.parse({
    urls: [`ldap://127.0.0.1:${port}`],
    startTls: false,
    base,
    timeout: '300ms',
  });
}

const said = /no answer within 300 ms|not LDAP|closed/;

for (const [what, serve] of Object.entries<(socket: Socket) => void>({
  'says nothing': () => undefined,
  'closes at once': (socket) => socket.destroy(),
  'closes after the question': (socket) => socket.once('data', () => socket.destroy()),
  'speaks HTTP': (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'answers garbage': (socket) => socket.once('data', () => socket.write(Buffer.alloc(5000, 0xff))),
  'promises 2 GB': (socket) =>
    socket.once('data', () => socket.write(Buffer.from('30847fffffff', 'hex'))),
  'sends without end': (socket) =>
    socket.once('data', () => {
      const more = (): void => {
        while (socket.writable && socket.write(Buffer.alloc(65_536, 0x30)));
      };
      socket.on('drain', more);
      more();
    }),
})) {
  testWith([], `a directory that ${what} is unavailable, soon and with a reason`, async (t) => {
    const settings = await impostor(t, serve);
    const startedAt = performance.now();
    const [fault] = await faultsOf(t, settings);
    t.regex(fault?.finding ?? '', said);
    t.true(performance.now() - startedAt < 5000);
  });
}

testWith(
  programs,
  'a connection that is lost after StartTLS is not opened anew in the clear',
  async (t) => {
    const {slapd} = await directory(t);
    const received: Buffer[] = [];
    const connections: Socket[] = [];
    // Between the two: everything goes through, until the directory has answered over TLS.
    const port = await listen(t, (socket) => {
      connections.push(socket);
      const isFirst = connections.length === 1;
      if (!isFirst) socket.on('data', (chunk) => received.push(chunk));
      const onward = isFirst ? connectTo(slapd.port) : undefined;
      if (!onward) return;
      socket.pipe(onward);
      let answers = 0;
      onward.on('data', (chunk: Buffer) => {
        answers += 1;
        if (answers > 2) socket.destroy();
        else socket.write(chunk);
      });
    });
    await faultsOf(t, slapd.settings({urls: [`ldap://127.0.0.1:${port}`], timeout: '1s'}));
    t.is(connections.length, 1);
    t.deepEqual(received, []);
  },
);

testWith(programs, 'a login that nobody waits for any more is given up', async (t) => {
  const settings = await impostor(t, () => undefined);
  const gone = new AbortController();
  const asked = provide({...settings, timeout: 60_000}).login(
    {username: 'anna', password},
    gone.signal,
  );
  const reason = new Error('gone');
  setImmediate(() => {
    gone.abort(reason);
  });
  t.is(await t.throwsAsync(asked), reason);
});
