/** What a page needs to know first: who has signed in, what he may, and how one can sign in. */
import {z} from 'zod';
import type {AdministrationContext} from '../../auth/administration/context.ts';
import type {WebSession} from '../../auth/sessions.ts';
import {version} from '../../config/version.ts';
import {personalNamespaces} from '../../metadata/user-pages.ts';
import type {Context} from '../context.ts';
import type {SignInOptions} from '../sign-in/context.ts';
import {here} from '../sign-in/place.ts';
import {timeText} from './fields.ts';

const kind = z.enum(['local', 'htpasswd', 'ldap', 'keystone']);

const permissions = z
  .strictObject({
    administer: z.boolean().describe('An admin.'),
    createTeams: z.boolean(),
    manageTeams: z.boolean().describe('Those that he owns, with members and robots.'),
    createNamespaces: z.boolean().describe('For teams that he owns.'),
    manageNamespaces: z.boolean(),
    changeVisibility: z.boolean(),
    createWebhooks: z.boolean(),
    manageWebhooks: z.boolean(),
  })
  .meta({
    id: 'SessionPermissions',
    description: 'What somebody may do at all; each team and namespace says what he may do there.',
  });

export const sessionAnswer = z
  .strictObject({
    authMode: z.enum(['accounts', 'none']).describe('none: there are no accounts.'),
    version: z.string().optional().describe('For those who have signed in.'),
    user: z
      .strictObject({
        id: z.string(),
        name: z.string(),
        displayName: z.string().optional(),
        email: z.string().optional(),
        isAdmin: z.boolean(),
        provider: z.string(),
        canChangePassword: z.boolean().describe('His password is kept here.'),
        namespace: z
          .strictObject({id: z.string(), name: z.string()})
          .nullable()
          .describe('The personal one.'),
      })
      .optional()
      .describe('Who has signed in; absent: nobody.'),
    expiresAt: z.iso.datetime().optional(),
    isRemembered: z.boolean().optional().describe('The browser keeps it when it is closed.'),
    permissions,
    policy: z
      .strictObject({
        namespaces: z.enum(['teams', 'starlingx', 'rules']).describe('What decides who may what.'),
        createOnPush: z.enum(['nobody', 'admins', 'users']),
        push: z.enum(['members', 'own-name', 'admins']),
        contributorsDelete: z.boolean(),
      })
      .optional()
      .describe('The section namespaces of the configuration; for those who have signed in.'),
    passwordProviders: z
      .array(z.strictObject({id: z.string(), kind, displayName: z.string()}))
      .describe('Who is asked about a name and a password, in this order.'),
    providers: z
      .array(z.strictObject({id: z.string(), displayName: z.string(), path: z.string()}))
      .describe(
        'Where a browser can be sent to sign in; `?to=/path` leads back to a page of ours.',
      ),
    signUp: z.boolean().describe('People make accounts themselves.'),
    canRemember: z.boolean(),
    firstAdmin: z
      .enum(['code', 'open'])
      .nullable()
      .describe(
        'How the first admin is made: by the code that the start has printed, or by anybody; null: there is one.',
      ),
    anonymous: z.boolean().describe('Who has not signed in sees what is public.'),
    hasAdmin: z.boolean(),
  })
  .meta({id: 'Session', description: 'The sign-in of a browser.'});

type SessionAnswer = z.output<typeof sessionAnswer>;

const permissionsOf = (
  config: AdministrationContext['config'],
  session: WebSession | undefined,
): SessionAnswer['permissions'] => {
  const isAdmin = session?.user.isAdmin === true;
  const lets = (isOn: boolean): boolean => isAdmin || (session !== undefined && isOn);
  const {
    createTeams,
    manageTeams,
    createNamespaces,
    manageNamespaces,
    changeVisibility,
    createWebhooks,
    manageWebhooks,
  } = config.permissions;
  return {
    administer: isAdmin,
    createTeams: lets(createTeams),
    manageTeams: lets(manageTeams),
    createNamespaces: lets(createNamespaces),
    manageNamespaces: lets(manageNamespaces),
    changeVisibility: lets(changeVisibility),
    createWebhooks: lets(createWebhooks),
    manageWebhooks: lets(manageWebhooks),
  };
};

/** Nothing tells what password is right: `user` is there, or is not. */
export async function presentSession(
  ctx: Context,
  {accounts, asksForCode}: SignInOptions,
  session: WebSession | undefined,
): Promise<SessionAnswer> {
  const {context, redirectLogins, passwordProviders, signUp, firstAdmin} = accounts;
  const {auth, namespaces} = context.config;
  const hasAdmin = await firstAdmin.isOver();
  const how = asksForCode ? 'code' : 'open';
  return {
    authMode: 'accounts',
    ...(session && (await presentOwn(context, session))),
    permissions: permissionsOf(context.config, session),
    passwordProviders: passwordProviders.map(({id, displayName}) => ({
      id,
      kind: kind.parse(id),
      displayName,
    })),
    providers: redirectLogins.providers.map(({id, displayName}) => ({
      id,
      displayName,
      path: here(ctx, `/auth/oidc/${id}`),
    })),
    signUp: signUp.isOn,
    canRemember: auth.rememberFor > 0,
    firstAdmin: hasAdmin ? null : how,
    anonymous: auth.anonymous,
    hasAdmin,
    ...(session && {
      policy: {
        namespaces: namespaces.policy,
        createOnPush: namespaces.createOnPush,
        push: namespaces.push,
        contributorsDelete: namespaces.contributorsDelete,
      },
    }),
  };
}

async function presentOwn(
  {db}: AdministrationContext,
  {user, expiresAt, isRemembered}: WebSession,
): Promise<Partial<SessionAnswer>> {
  const {id, name, displayName, email, isAdmin, provider} = user;
  const namespace = (await personalNamespaces(db, [name])).get(name);
  return {
    version: version(),
    user: {
      id,
      name,
      ...(displayName === undefined ? {} : {displayName}),
      ...(email === undefined ? {} : {email}),
      isAdmin,
      provider,
      canChangePassword: provider === 'local',
      namespace: namespace === undefined ? null : {id: namespace, name},
    },
    expiresAt: timeText(expiresAt),
    isRemembered,
  };
}

/** Of auth.mode none: everybody may what there is, and there is nobody to be. */
export const withoutAccounts = (): SessionAnswer => ({
  authMode: 'none',
  version: version(),
  permissions: {
    administer: false,
    createTeams: false,
    manageTeams: false,
    createNamespaces: false,
    manageNamespaces: false,
    changeVisibility: false,
    createWebhooks: false,
    manageWebhooks: false,
  },
  passwordProviders: [],
  providers: [],
  signUp: false,
  canRemember: false,
  firstAdmin: null,
  anonymous: true,
  hasAdmin: false,
});
