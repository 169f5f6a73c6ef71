/** What Portus' configuration says beside its directory. */
import {flag, lostIf, type PortusDraft, type PortusRow} from './row.ts';

const oidc = 'oauth.openid_connect';
/** So is it called in names of accounts that are taken already. */
const oidcId = 'openid-connect';

function openid(draft: PortusDraft): void {
  if (draft.flag(`${oidc}.enabled`) !== true) return;
  const [issuer, clientId, clientSecret] = [
    draft.text(`${oidc}.issuer`),
    draft.text(`${oidc}.identifier`),
    draft.text(`${oidc}.secret`),
  ];
  if (issuer === undefined || clientId === undefined) {
    draft.lose(`${oidc}.enabled`, 'is true, without issuer and identifier: set auth.oidc');
    return;
  }
  const provider = {
    id: oidcId,
    issuer,
    clientId,
    ...(clientSecret === undefined ? {} : {clientSecret}),
  };
  draft.set('auth.oidc', [provider], `${oidc}.enabled`);
  draft.lose(
    `${oidc}.enabled`,
    `is auth.oidc with the id ${oidcId}: let the provider know the new address, and import with --provider openid_connect=${oidcId}`,
  );
}

const oauthProviders = ['google_oauth2', 'open_id', 'github', 'gitlab', 'bitbucket'];

const pushPolicies: Readonly<Record<string, string>> = {
  'allow-teams': 'members',
  'allow-personal': 'own-name',
  'admin-only': 'admins',
};

const permissions = [
  ['create_team', 'createTeams'],
  ['manage_team', 'manageTeams'],
  ['create_namespace', 'createNamespaces'],
  ['manage_namespace', 'manageNamespaces'],
  ['change_visibility', 'changeVisibility'],
  ['create_webhook', 'createWebhooks'],
  ['manage_webhook', 'manageWebhooks'],
] as const;

/** One flag that is a setting. */
const flagRow = (key: string, setting: string): PortusRow => ({
  keys: [key],
  becomes: `\`${setting}\`.`,
  translate: flag(key, setting),
});

export const otherRows: readonly PortusRow[] = [
  {
    keys: ['signup.enabled'],
    becomes: '`auth.signUp`; not where there is a directory, as there.',
    translate: (draft) => {
      const isOpen = draft.flag('signup.enabled');
      if (isOpen === undefined) return;
      draft.set('auth.signUp', isOpen && draft.flag('ldap.enabled') !== true, 'signup.enabled');
    },
  },
  flagRow('anonymous_browsing.enabled', 'auth.anonymous'),
  {
    keys: ['first_user_admin.enabled'],
    becomes:
      'Nothing: the first admin has the code that the start prints; an import brings its own.',
    translate: lostIf(
      true,
      'first_user_admin.enabled',
      'is not taken over: the first admin needs the code that the start prints',
    ),
  },
  flagRow('delete.enabled', 'storage.delete'),
  flagRow('delete.contributors', 'namespaces.contributorsDelete'),
  {
    keys: ['registry.jwt_expiration_time.value'],
    becomes: '`token.expiresIn`, in minutes there.',
    translate: (draft) => {
      const key = 'registry.jwt_expiration_time.value';
      const minutes = draft.number(key);
      if (minutes !== undefined && minutes > 0) draft.set('token.expiresIn', `${minutes}m`, key);
    },
  },
  {
    keys: ['machine_fqdn.value'],
    becomes: '`token.issuer`, and a name of the certificate.',
    translate: (draft) => {
      const key = 'machine_fqdn.value';
      const name = draft.text(key);
      if (name === undefined) return;
      draft.set('token.issuer', name, key);
      draft.set('tls.names', [name], key);
    },
  },
  {
    keys: [
      'oauth.openid_connect.enabled',
      `${oidc}.issuer`,
      `${oidc}.identifier`,
      `${oidc}.secret`,
    ],
    becomes: '`auth.oidc`, with the id `openid-connect`.',
    translate: openid,
  },
  ...oauthProviders.map((provider): PortusRow => ({
    keys: [`oauth.${provider}.enabled`, `oauth.${provider}.*`],
    becomes: 'Lost: use a provider of OpenID Connect, `auth.oidc`.',
    translate: lostIf(
      true,
      `oauth.${provider}.enabled`,
      'has no counterpart: let its people log in through auth.oidc, if it speaks OpenID Connect',
    ),
  })),
  {
    keys: ['oauth.local_login.enabled'],
    becomes: 'Lost: accounts with a password log in with it.',
    translate: lostIf(
      false,
      'oauth.local_login.enabled',
      'has no counterpart: whoever has a password logs in with it',
    ),
  },
  {
    keys: ['gravatar.enabled'],
    becomes: 'Lost: no picture is fetched from elsewhere.',
    translate: lostIf(
      true,
      'gravatar.enabled',
      'has no counterpart: no addresses of people are told to others',
    ),
  },
  {
    keys: ['email.from', 'email.name', 'email.reply_to', 'email.smtp.enabled', 'email.smtp.*'],
    becomes: 'Lost: no mail is sent.',
    translate: (draft) => {
      const from = draft.text('email.from') === undefined ? [] : ['email.from'];
      const key = draft.flag('email.smtp.enabled') === true ? 'email.smtp.enabled' : from[0];
      if (key !== undefined) draft.lose(key, 'has no counterpart: no mail is sent');
    },
  },
  {
    keys: ['user_permission.push_images.policy'],
    becomes:
      '`namespaces.push`: `members` for `allow-teams`, `own-name` for `allow-personal`, `admins` for `admin-only`.',
    translate: (draft) => {
      const key = 'user_permission.push_images.policy';
      const policy = draft.text(key);
      if (policy === undefined) return;
      const push = pushPolicies[policy];
      if (push === undefined) draft.lose(key, 'is no policy that is known: set namespaces.push');
      else draft.set('namespaces.push', push, key);
    },
  },
  ...permissions.map(([there, here]) =>
    flagRow(`user_permission.${there}.enabled`, `permissions.${here}`),
  ),
  {
    keys: ['delete.garbage_collector.enabled', 'delete.garbage_collector.*'],
    becomes: 'Lost: no tag is deleted by its age.',
    translate: lostIf(
      true,
      'delete.garbage_collector.enabled',
      'has no counterpart yet: no tag is deleted by its age',
    ),
  },
  {
    keys: ['security.clair.*', 'security.zypper.*', 'security.dummy.*'],
    becomes: 'Lost: images are not scanned.',
    translate: (draft) => {
      for (const key of ['security.clair.server', 'security.zypper.server']) {
        if (draft.text(key) !== undefined)
          draft.lose(key, 'has no counterpart: images are not scanned');
      }
    },
  },
  {
    keys: [
      'check_ssl_usage.enabled',
      'display_name.enabled',
      'pagination.*',
      'background.*',
      'registry.*',
    ],
    becomes: 'Nothing: there is one program, and it has no copy to be kept right.',
  },
];
