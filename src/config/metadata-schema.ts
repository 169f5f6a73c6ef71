/** The settings of the database. */
import {isIP} from 'node:net';
import {z} from 'zod';
import {isLoopback, parseDatabaseUrl} from './database-url.ts';
import {positiveTimeout} from './fields.ts';

export const metadataSettings = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .default('database/holdfast.db')
      .describe('The SQLite file of accounts, teams and namespaces, relative to dataDir.'),
    allowNetworkFileSystem: z
      .boolean()
      .default(false)
      .describe(
        'Lets that file lie on NFS and its like: one process alone has it open then, and no second host may.',
      ),
    url: z
      .string()
      .optional()
      .describe(
        'A server in place of that file: mariadb://USER@HOST/NAME or postgres://USER@HOST/NAME; ?socket=/PATH is a Unix socket.',
      ),
    password: z
      .string()
      .min(1)
      .optional()
      .meta({secret: true})
      .describe('The password of the user in url.'),
    tls: z
      .enum(['off', 'require', 'verify'])
      .optional()
      .describe(
        'verify: the certificate of the server must be valid for its name; require encrypts, and trusts whoever answers. verify unless set, and off on this host itself.',
      ),
    caFile: z
      .string()
      .min(1)
      .optional()
      .describe(
        "PEM file with the CA of the server's certificate; those of the system unless set.",
      ),
    connections: z
      .number()
      .int()
      .min(2)
      .max(200)
      .default(10)
      .describe('So many connections to the server are open at most, for each process.'),
    timeout: positiveTimeout
      .prefault('5s')
      .describe('How long the server may take to connect, and for each answer.'),
  })
  .superRefine(({url, password, tls, caFile}, context) => {
    const tell = (path: string, message: string): void => {
      context.addIssue({code: 'custom', path: [path], message});
    };
    if (url === undefined) {
      for (const [path, value] of Object.entries({password, tls, caFile})) {
        if (value !== undefined) tell(path, 'is for a server: set metadata.url, or leave this out');
      }
      return;
    }
    const address = parseDatabaseUrl(url);
    if (typeof address === 'string') {
      tell('url', address);
      return;
    }
    if (password !== undefined && address.password !== undefined) {
      tell('password', 'is set, and url has a password, too; only one may be');
    }
    const verifies = (tls ?? (isLoopback(address) ? 'off' : 'verify')) === 'verify';
    if (caFile !== undefined && !verifies) {
      tell('caFile', 'counts for nothing here: set metadata.tls to verify, or leave this out');
    }
    if (address.socket !== undefined && tls !== undefined && tls !== 'off') {
      tell('tls', 'is for a network, and url names a socket: leave it out');
    }
    // The driver would compare the certificate with the name localhost.
    if (address.engine === 'mariadb' && verifies && isIP(address.host) !== 0) {
      tell(
        'url',
        'must have the name of the server in place of its address: the certificate is checked for that; or set metadata.tls to require',
      );
    }
  })
  .prefault({});
