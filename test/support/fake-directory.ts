/** What answers in the place of a directory as no real one would be brought to here. */
import {type LdapSettings, ldapSettings} from '../../src/config/ldap-schema.ts';
import {entry, operations, requestOf, result} from './ldap-messages.ts';
import type {Lifetime} from './lifetime.ts';
import {listen} from './listener.ts';

type Attributes = Readonly<Record<string, readonly string[]>>;

interface FakeDirectory {
  /** The code, and what it says to that; 0 unless given. */
  readonly bind?: (dn: string) => readonly [code: number, text?: string];
  /** The entries below a DN by theirs; who asks is '' where he has not logged in. */
  readonly search: (base: string, asker: string) => Readonly<Record<string, Attributes>>;
}

/** How it is reached, in the clear; more may be said. */
export async function fakeDirectory(
  life: Lifetime,
  {bind = () => [0], search}: FakeDirectory,
  more: Readonly<Record<string, unknown>> = {},
): Promise<LdapSettings> {
  const port = await listen(life, (socket) => {
    let asker = '';
    socket.on('data', (bytes) => {
      const {id, operation, dn} = requestOf(bytes);
      if (operation === operations.unbind) socket.end();
      else if (operation === operations.bind) {
        const [code, text] = bind(dn);
        if (code === 0) asker = dn;
        socket.write(result(id, operations.bound, code, text));
      } else {
        const found = Object.entries(search(dn, asker)).map(([each, has]) => entry(id, each, has));
        socket.write(Buffer.concat([...found, result(id, operations.found)]));
      }
    });
  });
  const urls = [`ldap://127.0.0.1:${port}`];
  return ldapSettings.parse({urls, startTls: false, base: 'dc=ex,dc=org', ...more});
}
