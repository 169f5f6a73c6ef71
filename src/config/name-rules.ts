/** Rules about names, in place of teams: who may do what by the names of accounts and repositories alone. */
import {z} from 'zod';

const component = String.raw`(?:\*|\{username\}|[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)`;
const pattern = new RegExp(String.raw`^(?:\*\*|${component}(?:/${component})*(?:/\*\*)?)$`);

export const nameRule = z.strictObject({
  /** Names of accounts, or `*` for every one. */
  accounts: z.array(z.string().min(1)).min(1),
  /** Where the accounts come from, such as keystone; any source unless set. */
  provider: z.string().min(1).optional(),
  /** Names of repositories: `*` is one component, `**` at the end all that lies below, `{username}` the name of who asks. */
  repositories: z
    .array(
      z
        .string()
        .max(255)
        .regex(pattern, 'must be a name, such as base/app, public/**, {username}/** or **'),
    )
    .min(1),
  actions: z.array(z.enum(['pull', 'push', 'delete'])).min(1),
  allow: z.boolean().default(true),
});

export type NameRule = Readonly<z.infer<typeof nameRule>>;

const everything: NameRule['actions'] = ['pull', 'push', 'delete'];

/** Those of StarlingX's token server, in its order. */
export const starlingxRules: readonly NameRule[] = [
  {
    accounts: ['admin', 'sysinv'],
    provider: 'keystone',
    repositories: ['**'],
    actions: everything,
    allow: true,
  },
  {
    accounts: ['*'],
    repositories: [
      'public/**',
      'k8s.gcr.io/pause',
      'registry.k8s.io/pause',
      'docker.io/starlingx/n3000-opae',
      'quay.io/jetstack/cert-manager-acmesolver',
    ],
    actions: ['pull'],
    allow: true,
  },
  {accounts: ['mtce'], repositories: ['mtce/**'], actions: everything, allow: false},
  {accounts: ['*'], repositories: ['{username}/**'], actions: everything, allow: true},
];
