/** What Portus' configuration says beside its directory. */
import type {PortusDraft, PortusRow} from './row.ts';

const lost =
  (message: string) =>
  (key: string) =>
  (draft: PortusDraft): void => {
    if (draft.text(key) !== undefined) draft.lose(key, message);
  };

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
  {
    keys: ['anonymous_browsing.enabled'],
    becomes: '`auth.anonymous`.',
    translate: (draft) => {
      const isOpen = draft.flag('anonymous_browsing.enabled');
      if (isOpen !== undefined) draft.set('auth.anonymous', isOpen, 'anonymous_browsing.enabled');
    },
  },
  {
    keys: ['first_user_admin.enabled'],
    becomes:
      'Nothing: the first admin has the code that the start prints; an import brings its own.',
    translate: (draft) => {
      const key = 'first_user_admin.enabled';
      if (draft.flag(key) !== true) return;
      draft.lose(key, 'is not taken over: the first admin needs the code that the start prints');
    },
  },
  {
    keys: ['delete.enabled'],
    becomes: '`storage.delete`.',
    translate: (draft) => {
      const may = draft.flag('delete.enabled');
      if (may !== undefined) draft.set('storage.delete', may, 'delete.enabled');
    },
  },
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
    keys: [`oauth.${provider}.enabled`],
    becomes: 'Lost: use a provider of OpenID Connect, `auth.oidc`.',
    translate: (draft) => {
      const key = `oauth.${provider}.enabled`;
      if (draft.flag(key) !== true) return;
      draft.lose(
        key,
        'has no counterpart: let its people log in through auth.oidc, if it speaks OpenID Connect',
      );
    },
  })),
  {
    keys: ['oauth.local_login.enabled'],
    becomes: 'Lost: accounts with a password log in with it.',
    translate: (draft) => {
      const key = 'oauth.local_login.enabled';
      if (draft.flag(key) === false)
        draft.lose(key, 'has no counterpart: whoever has a password logs in with it');
    },
  },
  {
    keys: ['gravatar.enabled'],
    becomes: 'Lost: no picture is fetched from elsewhere.',
    translate: (draft) => {
      const key = 'gravatar.enabled';
      if (draft.flag(key) === true)
        draft.lose(key, 'has no counterpart: no addresses of people are told to others');
    },
  },
  {
    keys: ['email.smtp.enabled', 'email.from', 'email.name', 'email.reply_to'],
    becomes: 'Lost: no mail is sent.',
    translate: lost('has no counterpart: no mail is sent')('email.from'),
  },
  {
    keys: ['user_permission.push_images.policy'],
    becomes: 'Nothing for `allow-teams`, which is the rule here; else lost.',
    translate: (draft) => {
      const key = 'user_permission.push_images.policy';
      const policy = draft.text(key);
      if (policy !== undefined && policy !== 'allow-teams') {
        draft.lose(key, `is ${policy}, and here the teams decide: make members viewers`);
      }
    },
  },
  ...[
    'change_visibility',
    'create_team',
    'manage_team',
    'create_namespace',
    'manage_namespace',
    'create_webhook',
    'manage_webhook',
  ].map((what): PortusRow => ({
    keys: [`user_permission.${what}.enabled`],
    becomes: 'Lost: owners of teams may, and admins.',
    translate: (draft) => {
      const key = `user_permission.${what}.enabled`;
      if (draft.flag(key) === false) draft.lose(key, 'is false, and has no counterpart');
    },
  })),
  {
    keys: ['delete.contributors'],
    becomes: 'Lost: what contributors may delete, their role decides.',
    translate: (draft) => {
      if (draft.flag('delete.contributors') === true)
        draft.lose('delete.contributors', 'has no counterpart: the role decides');
    },
  },
  {
    keys: ['delete.garbage_collector.enabled'],
    becomes: 'Lost: no tag is deleted by its age.',
    translate: (draft) => {
      const key = 'delete.garbage_collector.enabled';
      if (draft.flag(key) === true)
        draft.lose(key, 'has no counterpart yet: no tag is deleted by its age');
    },
  },
  {
    keys: ['security.clair.server', 'security.zypper.server'],
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
      'pagination.per_page',
      'background.sync.strategy',
    ],
    becomes: 'Nothing: there is one program, and it has no copy to be kept right.',
    translate: () => undefined,
  },
];
