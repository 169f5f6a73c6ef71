/** The settings of who may do what. */
import {z} from 'zod';
import {keystoneSettings} from './keystone-schema.ts';
import {ldapSettings} from './ldap-schema.ts';
import {nameRule} from './name-rules.ts';
import {life, listenAddress, positiveTimeout, externalUrl} from './fields.ts';
import {oidcSettings, workloadSettings} from './oidc-schema.ts';

/** Docker Distribution takes any text: `Docker registry` and `[fd00::1]:9001` are names in use. */
const word = z
  .string()
  .regex(
    /^(?! )[A-Za-z0-9._:/[\] -]{1,200}(?<! )$/,
    'must be up to 200 letters, digits, spaces between them and . _ : / - [ ]',
  );

/** Where the realm answers: its own path, and those of the registries that it replaces, which clients know. */
export const tokenPaths = [
  '/auth/token',
  '/token',
  '/token/',
  '/v2/token',
  '/service/token',
] as const;

export const authSettings = z
  .strictObject({
    mode: z
      .enum(['accounts', 'none'])
      .default('accounts')
      .describe(
        'accounts: who has an account may what its teams may; none: everybody may everything.',
      ),
    openToNetwork: z
      .boolean()
      .default(false)
      .describe('Confirms auth.mode none on other addresses than those of this host.'),
    anonymous: z
      .boolean()
      .default(true)
      .describe('Whether public namespaces can be pulled from without an account.'),
    signUp: z.boolean().default(false).describe('Whether people may make accounts by themselves.'),
    order: z
      .array(z.enum(['local', 'htpasswd', 'ldap', 'keystone']))
      .default([])
      .describe(
        'Which sources of accounts are asked first; those that are not named come after them, in the order local, htpasswd, ldap, keystone.',
      ),
    htpasswd: z
      .string()
      .min(1)
      .optional()
      .describe(
        'A file of htpasswd -B whose names may log in, too; read again whenever it changes.',
      ),
    ldap: ldapSettings,
    keystone: keystoneSettings,
    oidc: oidcSettings,
    workloads: workloadSettings,
    sessionExpiresIn: life
      .refine((milliseconds) => milliseconds > 0, 'must be more than 0')
      .prefault('12h')
      .describe(
        'A sign-in with a browser that is not used for so long is over; after 7d it is anyway.',
      ),
    rememberFor: life
      .prefault('30d')
      .describe(
        'A sign-in that the browser is told to keep is over after that, used or not; 0s: none is kept.',
      ),
    failures: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(10)
      .describe('So many wrong passwords for a name from one address lock it for that address.'),
    lockFor: life.prefault('10m').describe('How long such a lock lasts.'),
    attemptsPerMinute: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .default(60)
      .describe('So many wrong passwords a minute may come from one address, whatever the names.'),
  })
  .prefault({});

/** As for every password that is set. */
const passwordLength = 'must have 8 to 128 characters';

export const adminSettings = z
  .strictObject({
    firstLogin: z
      .enum(['code', 'open'])
      .default('code')
      .describe(
        'Who may make the first admin, on the page /start or by POST to /api/v1/setup: whoever has the code that the start prints, or anybody who comes first.',
      ),
    password: z
      .string()
      .min(8, passwordLength)
      .max(128, passwordLength)
      .optional()
      .meta({secret: true})
      .describe('Makes the account admin with this password, where there is no account yet.'),
  })
  .prefault({});

export const tokenSettings = z
  .strictObject({
    listen: z
      .array(listenAddress)
      .default([])
      .describe(
        'Addresses of the token realm, where it is not to answer on those of the registry.',
      ),
    externalUrl: externalUrl
      .optional()
      .describe(
        'The address by which clients know the token realm, where a proxy stands in front of token.listen.',
      ),
    path: z
      .enum(tokenPaths)
      .default('/auth/token')
      .describe(
        'The path of the token realm that clients are told; it answers at all of them, whatever this says.',
      ),
    issuer: word.default('holdfast').describe('The iss of tokens.'),
    service: word
      .default('holdfast')
      .describe(
        'The name of this registry in challenges and tokens; it stays when the address changes.',
      ),
    acceptedServices: z
      .array(word)
      .default([])
      .describe(
        'Former names of this registry: tokens are issued for them and accepted, as for its own.',
      ),
    otherServices: z
      .array(word)
      .default([])
      .describe(
        'Names of other registries that use this realm: tokens are issued for them, and not accepted here.',
      ),
    expiresIn: positiveTimeout
      .prefault('15m')
      .describe('How long a token counts; at least a minute makes sense.'),
    refreshExpiresIn: life
      .prefault('90d')
      .describe('A refresh token that is not used for so long counts no more.'),
    uploadLease: life
      .prefault('2h')
      .describe('An upload may be finished for so long after its token has expired.'),
    key: z
      .enum(['certificate', 'ES256', 'RS256', 'EdDSA'])
      .default('certificate')
      .describe(
        'What signs tokens: the key of the pair under certs/, or one of its own of the kind named.',
      ),
  })
  .prefault({});

export const permissionsSettings = z
  .strictObject({
    createTeams: z
      .boolean()
      .default(true)
      .describe('Whether people may make teams, whose owners they are; else admins alone.'),
    manageTeams: z
      .boolean()
      .default(true)
      .describe('Whether owners may change their teams, with members and robots.'),
    createNamespaces: z
      .boolean()
      .default(true)
      .describe('Whether owners of a team may make namespaces for it.'),
    manageNamespaces: z
      .boolean()
      .default(true)
      .describe('Whether owners may describe their namespaces, hand them over and delete them.'),
    changeVisibility: z
      .boolean()
      .default(true)
      .describe('Whether owners may change who else may pull from their namespaces.'),
    createWebhooks: z
      .boolean()
      .default(true)
      .describe('Whether owners of a team may make webhooks for its namespaces.'),
    manageWebhooks: z
      .boolean()
      .default(true)
      .describe(
        'Whether owners may see, change and delete these webhooks, with what they were sent.',
      ),
  })
  .prefault({});

export const namespacesSettings = z
  .strictObject({
    policy: z
      .enum(['teams', 'starlingx', 'rules'])
      .default('teams')
      .describe(
        'What decides: teams and the visibility of namespaces; the rules about names that the registry of StarlingX has; or those of namespaces.rules alone.',
      ),
    rules: z
      .array(nameRule)
      .default([])
      .describe(
        'Rules about names, each with accounts, repositories, actions and allow: the first that fits decides, and without one it is no. Those of the policy starlingx come after them.',
      ),
    createOnPush: z
      .enum(['nobody', 'admins', 'users'])
      .default('admins')
      .describe('Who makes a namespace by pushing to it first; it is private, and his.'),
    push: z
      .enum(['members', 'own-name', 'admins'])
      .default('members')
      .describe(
        'Who may push: contributors and owners of the team, everybody below his own name alone, or admins alone.',
      ),
    contributorsDelete: z
      .boolean()
      .default(false)
      .describe('Whether contributors may delete, and not owners alone.'),
    rootVisibility: z
      .enum(['private', 'protected', 'public'])
      .default('protected')
      .describe(
        'Who may pull names without a slash, until it is changed: members, whoever has logged in, everybody.',
      ),
  })
  .prefault({});
