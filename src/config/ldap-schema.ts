/** The settings of an LDAP directory whose people may log in. */
import {z} from 'zod';
import {positiveTimeout} from './fields.ts';

const url = z
  .string()
  .regex(
    /^ldaps?:\/\/(?:[A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?\/?$/,
    'must be ldap://HOST[:PORT] or ldaps://HOST[:PORT]',
  );
const attribute = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9.;-]{0,99}$/, 'must be the name of an attribute, such as uid');
const filter = z
  .string()
  .regex(/^\(.+\)$/s, 'must be a filter in parentheses, such as (objectClass=person)');

export const ldapSettings = z
  .strictObject({
    urls: z
      .array(url)
      .default([])
      .describe(
        'The directory, ldaps://HOST or ldap://HOST; several are asked one after the other until one answers. Without any, LDAP is not used.',
      ),
    startTls: z
      .boolean()
      .default(true)
      .describe(
        'ldap:// connections are encrypted (StartTLS) before anything is sent; false sends passwords in the clear.',
      ),
    caFile: z
      .string()
      .min(1)
      .optional()
      .describe(
        "PEM file with the CA of the directory's certificate; those of the system unless set.",
      ),
    verify: z
      .boolean()
      .default(true)
      .describe(
        'Whether the certificate must be valid for the host; false trusts whoever answers.',
      ),
    timeout: positiveTimeout
      .prefault('5s')
      .describe('How long one host may take to connect, and for each answer.'),
    bindDn: z
      .string()
      .min(1)
      .optional()
      .describe('Who searches the directory; anonymous unless set.'),
    bindPassword: z
      .string()
      .min(1)
      .optional()
      .meta({secret: true})
      .describe('The password of bindDn.'),
    base: z.string().default('').describe('People are searched below this DN.'),
    uid: attribute.default('uid').describe('The attribute that holds the name people log in with.'),
    filter: filter.optional().describe('What else an entry must match to log in.'),
    subject: attribute
      .default('entryUUID')
      .describe(
        'The attribute that never changes for an entry, even if it is renamed: entryUUID, objectGUID, nsUniqueId, ipaUniqueID.',
      ),
    email: attribute.default('mail').describe('The attribute with the e-mail address.'),
    guessEmail: z
      .boolean()
      .default(false)
      .describe('Where it is missing: NAME@a.b, from the dc=a,dc=b of the entry.'),
    displayName: attribute.default('displayName').describe('The attribute with the name to show.'),
    adminBase: z
      .string()
      .min(1)
      .optional()
      .describe('People below this DN are admins; looked at with each login.'),
    adminGroup: z
      .string()
      .min(1)
      .optional()
      .describe('Members of this group are admins; looked at with each login.'),
    groups: z
      .strictObject({
        sync: z
          .boolean()
          .default(true)
          .describe(
            'Whether groups decide who is in the teams of the same name; looked at with each login.',
          ),
        base: z
          .string()
          .min(1)
          .optional()
          .describe('Groups are searched below this DN; base unless set.'),
        filter: filter
          .default('(|(member={dn})(uniqueMember={dn})(memberUid={name}))')
          .describe('Which groups somebody is in; {dn} and {name} stand for his.'),
        name: attribute.default('cn').describe("The attribute with the group's name."),
        role: z
          .enum(['viewer', 'contributor', 'owner'])
          .default('viewer')
          .describe('What members of a group are in its team.'),
        roles: z
          .record(z.string(), z.enum(['viewer', 'contributor', 'owner']))
          .default({})
          .describe('The same for groups of their own, by name.'),
      })
      .prefault({}),
  })
  .superRefine(({urls, base, bindDn, bindPassword}, context) => {
    const tell = (path: string, message: string): void => {
      context.addIssue({code: 'custom', path: [path], message});
    };
    if (urls.length > 0 && base === '') tell('base', 'must be set where urls are');
    if (bindDn !== undefined && bindPassword === undefined) {
      tell(
        'bindPassword',
        'must be set where bindDn is, or bindPasswordFile, or HOLDFAST_AUTH_LDAP_BIND_PASSWORD_FILE (where the service alone has that, a command does not know it)',
      );
    }
    if (bindDn === undefined && bindPassword !== undefined) {
      tell('bindDn', 'must be set where bindPassword is');
    }
  })
  .prefault({});

export type LdapSettings = z.infer<typeof ldapSettings>;
