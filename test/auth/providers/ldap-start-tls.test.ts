/** What somebody on the way to a directory may do before TLS begins. */
import {readFile} from 'node:fs/promises';
import {createSecureContext, TLSSocket} from 'node:tls';
import test, {type ExecutionContext} from 'ava';
import {type LdapSettings, ldapSettings} from '../../../src/config/ldap-schema.ts';
import {makeServerCertificate} from '../../support/certificate.ts';
import {listen} from '../../support/listener.ts';
import {temporaryDirectory} from '../../support/temporary-directory.ts';
import {faultsOf, login} from './ldap-workbench.ts';

const base = 'dc=ex,dc=org';
const tags = {integer: 0x02, text: 0x04, code: 0x0a, sequence: 0x30, set: 0x31} as const;
const operations = {
  bind: 0x60,
  bound: 0x61,
  search: 0x63,
  entry: 0x64,
  found: 0x65,
  extended: 0x78,
};

function ber(tag: number, ...parts: readonly (Buffer | string | number)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => Buffer.from(typeof part === 'number' ? [part] : part)),
  );
  return Buffer.concat([Buffer.from([tag, 0x82, body.length >> 8, body.length & 0xff]), body]);
}

const message = (id: number, operation: number, ...parts: readonly Buffer[]): Buffer =>
  ber(tags.sequence, ber(tags.integer, id), ber(operation, ...parts));
const result = (id: number, operation: number, code = 0): Buffer =>
  message(id, operation, ber(tags.code, code), ber(tags.text), ber(tags.text));
const attribute = (name: string, value: Buffer | string): Buffer =>
  ber(tags.sequence, ber(tags.text, name), ber(tags.set, ber(tags.text, value)));
const entry = (id: number, dn: string, ...attributes: readonly Buffer[]): Buffer =>
  message(id, operations.entry, ber(tags.text, dn), ber(tags.sequence, ...attributes));

const anna = [attribute('uid', 'anna'), attribute('entryUUID', 'of anna')];
const annaAs = (id: number): Buffer => entry(id, `uid=anna,${base}`, ...anna);

/** Of the requests that are made here, the ids have one byte, and so have the lengths. */
const headOf = (request: Buffer) => ({id: request[4] ?? 0, operation: request[5]});

/** Has anna and mallory, who may log in alone, and offers StartTLS; `behind` is put behind its answer to that, in the clear. */
async function directory(t: ExecutionContext, behind: Buffer): Promise<LdapSettings> {
  const files = await makeServerCertificate(await temporaryDirectory(t));
  const secureContext = createSecureContext({
    key: await readFile(files.keyFile),
    cert: await readFile(files.certificateFile),
  });
  const port = await listen(t, (socket) => {
    socket.once('data', (asked) => {
      socket.write(Buffer.concat([result(headOf(asked).id, operations.extended), behind]));
      const secure = new TLSSocket(socket, {isServer: true, secureContext});
      secure.on('error', () => undefined);
      secure.on('data', (request: Buffer) => {
        const {id, operation} = headOf(request);
        if (operation === operations.search) {
          secure.write(annaAs(id));
          // Not in one piece with the entry.
          setTimeout(() => secure.write(result(id, operations.found)), 50);
        } else if (operation === operations.bind) {
          const isMallory = request.includes(`uid=mallory,${base}`);
          secure.write(result(id, operations.bound, isMallory ? 0 : 49));
        }
      });
    });
  });
  const urls = [`ldap://127.0.0.1:${port}`];
  return ldapSettings.parse({
    urls,
    base,
    caFile: files.caFile,
    groups: {sync: false},
    timeout: '2s',
  });
}

test('what is put behind the answer to StartTLS, in the clear, is no answer of the directory', async (t) => {
  t.deepEqual(await login(await directory(t, Buffer.alloc(0))), {
    outcome: 'rejected',
    reason: 'bad-credentials',
  });
  // The entry of anna with the DN of mallory, whose last attribute swallows the true one that comes over TLS.
  const search = 3;
  const swallowed = Buffer.alloc(annaAs(search).length);
  const forged = entry(search, `uid=mallory,${base}`, ...anna, attribute('x', swallowed));
  const settings = await directory(t, forged.subarray(0, -swallowed.length));
  const [fault] = await faultsOf(t, settings);
  t.is(fault?.step, 'TLS');
  t.regex(fault?.finding ?? '', /more than its answer to StartTLS came in the clear/);
});
