/** What somebody on the way to a directory may do before TLS begins. */
import {readFile} from 'node:fs/promises';
import {createSecureContext, TLSSocket} from 'node:tls';
import test, {type ExecutionContext} from 'ava';
import {type LdapSettings, ldapSettings} from '../../../src/config/ldap-schema.ts';
import {makeServerCertificate} from '../../support/certificate.ts';
import {entry, operations, requestOf, result} from '../../support/ldap-messages.ts';
import {listen} from '../../support/listener.ts';
import {temporaryDirectory} from '../../support/temporary-directory.ts';
import {faultsOf, login} from './ldap-workbench.ts';

const base = 'dc=ex,dc=org';
const mallory = `uid=mallory,${base}`;
const anna = {uid: ['anna'], entryUUID: ['of anna']};
const annaAs = (id: number): Buffer => entry(id, `uid=anna,${base}`, anna);

/** Has anna and mallory, who may log in alone, and offers StartTLS; `behind` is put behind its answer to that, in the clear. */
async function directory(t: ExecutionContext, behind: Buffer): Promise<LdapSettings> {
  const {caFile, keyFile, certificateFile} = await makeServerCertificate(
    await temporaryDirectory(t),
  );
  const secureContext = createSecureContext({
    key: await readFile(keyFile),
    cert: await readFile(certificateFile),
  });
  const port = await listen(t, (socket) => {
    socket.once('data', (asked) => {
      socket.write(Buffer.concat([result(requestOf(asked).id, operations.extended), behind]));
      const secure = new TLSSocket(socket, {isServer: true, secureContext});
      secure.on('error', () => undefined);
      secure.on('data', (bytes: Buffer) => {
        const {id, operation, dn} = requestOf(bytes);
        if (operation === operations.search) {
          secure.write(annaAs(id));
          // Not in one piece with the entry.
          setTimeout(() => secure.write(result(id, operations.found)), 50);
        } else if (operation === operations.bind) {
          secure.write(result(id, operations.bound, dn === mallory ? 0 : 49));
        }
      });
    });
  });
  const urls = [`ldap://127.0.0.1:${port}`];
  return ldapSettings.parse({urls, base, caFile, groups: {sync: false}, timeout: '2s'});
}

test('what is put behind the answer to StartTLS, in the clear, is no answer of the directory', async (t) => {
  t.like(await login(await directory(t, Buffer.alloc(0))), {outcome: 'rejected'});
  // The entry of anna with the DN of mallory, whose last attribute swallows the true one that comes over TLS.
  const search = 3;
  const swallowed = Buffer.alloc(annaAs(search).length);
  const forged = entry(search, mallory, {...anna, x: [swallowed]});
  const settings = await directory(t, forged.subarray(0, -swallowed.length));
  const [fault] = await faultsOf(t, settings);
  t.is(fault?.step, 'TLS');
  t.regex(fault?.finding ?? '', /more than its answer to StartTLS came in the clear/);
});
