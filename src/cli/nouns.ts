/** The first word of each command: its sentence is told without its file, which is loaded when it is asked for. */
import type {Command} from 'commander';

export interface Noun {
  readonly name: string;
  readonly sentence: string;
  /** Answers with what gives the command its verbs and options. */
  readonly load: () => Promise<(command: Command) => void>;
}

/** As `holdfast --help` lists them. */
export const nouns: readonly Noun[] = [
  {
    name: 'serve',
    sentence: 'run the registry',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  {
    name: 'config',
    sentence: 'write, show and check the configuration',
    load: async () => (await import('./config.ts')).configCommand,
  },
  {
    name: 'certificate',
    sentence: "show and renew the registry's TLS certificate, and tell how clients trust it",
    load: async () => (await import('./certificate.ts')).certificateCommand,
  },
  {
    name: 'user',
    sentence: 'make, list, change and delete users',
    load: async () => (await import('./user.ts')).userCommand,
  },
  {
    name: 'team',
    sentence: 'make teams, and tell who belongs to them',
    load: async () => (await import('./team.ts')).teamCommand,
  },
  {
    name: 'namespace',
    sentence: 'make namespaces, and tell whose they are and who sees them',
    load: async () => (await import('./namespace.ts')).namespaceCommand,
  },
  {
    name: 'app-token',
    sentence: 'make and delete application tokens, which work as passwords',
    load: async () => (await import('./app-token.ts')).appTokenCommand,
  },
  {
    name: 'robot',
    sentence: 'make and delete accounts for machines',
    load: async () => (await import('./robot.ts')).robotCommand,
  },
  {
    name: 'webhook',
    sentence: 'make webhooks, and see what they were sent',
    load: async () => (await import('./webhook.ts')).webhookCommand,
  },
  {
    name: 'repository',
    sentence: 'list, describe and delete repositories',
    load: async () => (await import('./repository.ts')).repositoryCommand,
  },
  {
    name: 'tag',
    sentence: 'list and delete tags, and put them back',
    load: async () => (await import('./tag.ts')).tagCommand,
  },
  {
    name: 'events',
    sentence: 'tell what has happened to images, and follow what happens',
    load: async () => (await import('./events.ts')).eventsCommand,
  },
  {
    name: 'auth',
    sentence: 'tell who may do what, and why',
    load: async () => (await import('./auth.ts')).authCommand,
  },
  {
    name: 'activity',
    sentence: 'tell what was done and by whom, and whether that was changed',
    load: async () => (await import('./activity.ts')).activityCommand,
  },
  {
    name: 'ldap',
    sentence: 'look at the directory whose people log in',
    load: async () => (await import('./ldap.ts')).ldapCommand,
  },
  {
    name: 'keystone',
    sentence: 'look at the Keystone whose users log in',
    load: async () => (await import('./keystone.ts')).keystoneCommand,
  },
  {
    name: 'oidc',
    sentence: 'look at the OpenID providers people sign in at',
    load: async () => (await import('./oidc.ts')).oidcCommand,
  },
  {
    name: 'keys',
    sentence: 'show and rotate the keys that sign tokens',
    load: async () => (await import('./keys.ts')).keysCommand,
  },
  {
    name: 'node',
    sentence: 'tell which of several hosts serves, take over, hand over',
    load: async () => (await import('./node.ts')).nodeCommand,
  },
  {
    name: 'index',
    sentence: 'tell how far the index of content is',
    load: async () => (await import('./content-index.ts')).indexCommand,
  },
  {
    name: 'reindex',
    sentence: 'compare the index with what lies in the storage, and mend it',
    load: async () => (await import('./reindex.ts')).reindexCommand,
  },
  {
    name: 'migrate',
    sentence: 'bring the database to the state of this version',
    load: async () => (await import('./migrate.ts')).migrateCommand,
  },
  {
    name: 'database',
    sentence:
      'look at the database of accounts, back it up, put it back, move it to another engine',
    load: async () => (await import('./database.ts')).databaseCommand,
  },
  {
    name: 'backup',
    sentence: 'back up all of it while it is used, and look at backups',
    load: async () => (await import('./backup.ts')).backupCommand,
  },
  {
    name: 'restore',
    sentence: 'put a backup into a fresh data directory',
    load: async () => (await import('./restore.ts')).restoreCommand,
  },
  {
    name: 'import',
    sentence: 'take over the accounts, teams and namespaces of another registry',
    load: async () => (await import('./import.ts')).importCommand,
  },
  {
    name: 'nginx',
    sentence: 'print a configuration of nginx that fits this one',
    load: async () => (await import('./nginx.ts')).nginxCommand,
  },
  {
    name: 'version',
    sentence: 'tell the version',
    load: async () => (await import('./version.ts')).versionCommand,
  },
];
