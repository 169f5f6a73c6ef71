/** `holdfast config import`: what another program was told becomes a holdfast.yaml that is sound. */
import {readFile, stat, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {parse} from 'yaml';
import {secret} from '../support/secrets.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {holdfast} from './holdfast.ts';

const place = async (t: ExecutionContext, files: Readonly<Record<string, string>>) => {
  const cwd = await temporaryDirectory(t);
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  return {
    cwd,
    run: async (line: string, env: Readonly<Record<string, string>> = {}) =>
      holdfast(line.split(' '), {cwd, env}),
  };
};

/** What was written is sound, but for directories that are not there in a test. */
async function checked(run: Awaited<ReturnType<typeof place>>['run']): Promise<string> {
  const {stdout, stderr} = await run('config check --config out.yaml --data-dir data');
  return stdout + stderr;
}

const distribution = `version: 0.1
log: {level: warn}
storage:
  filesystem: {rootdirectory: ROOT}
  delete: {enabled: true}
http:
  addr: 127.0.0.1:5000
  secret: ${secret('the secret of Distribution')}
notifications:
  endpoints: [{name: portus, url: 'http://portus/v2/webhooks/events'}]
`;

test("Distribution's file becomes ours, with the line of each value and what is lost", async (t) => {
  const {cwd, run} = await place(t, {});
  await writeFile(join(cwd, 'real.yml'), distribution.replace('ROOT', join(cwd, 'tree')));
  await symlink('real.yml', join(cwd, 'config.yml'));
  const {code, stderr, stdout} = await run('config import config.yml --output out.yaml', {
    REGISTRY_LOG_LEVEL: 'debug',
  });
  t.is(code, 0, stderr);
  t.is(stdout, 'wrote out.yaml; next: holdfast --config out.yaml config check\n');
  const text = await readFile(join(cwd, 'out.yaml'), 'utf8');
  t.like(parse(text), {
    dataDir: '/var/lib/holdfast',
    storage: {root: join(cwd, 'tree'), delete: true},
    http: {listen: ['127.0.0.1:5000']},
    log: {level: 'debug'},
    tls: {mode: 'off'},
    notifications: {endpoints: [{name: 'portus', url: 'http://portus/v2/webhooks/events'}]},
  });
  t.regex(text, / {2}# \S+real\.yml:7:3\n {2}listen: \[127\.0\.0\.1:5000\]\n/);
  t.regex(text, / {2}# variable REGISTRY_LOG_LEVEL\n {2}level: debug\n/);
  t.false(text.includes('the secret of Distribution'));
  t.regex(await checked(run), /^ok\n/);
  const spaced = ['config', 'import', 'config.yml', '--output', 'my out.yaml'];
  t.is(
    (await holdfast(spaced, {cwd})).stdout,
    "wrote my out.yaml; next: holdfast --config 'my out.yaml' config check\n",
  );
});

test("StarlingX's files become one: the registry's, and the token server's variables", async (t) => {
  const {cwd, run} = await place(t, {
    'config.yml': `version: 0.1
storage: {filesystem: {rootdirectory: /var/lib/docker-distribution}}
http: {addr: '[fd00::2]:9001'}
auth:
  token: {realm: 'https://registry.local:9002/token/', service: '[fd00::2]:9001', issuer: bird-token-server, rootcertbundle: /x.crt}
`,
    'token_server.conf': `REGISTRY_TOKEN_SERVER_ADDR=[fd00::2]:9002
REGISTRY_TOKEN_SERVER_ISSUER=bird-token-server
REGISTRY_TOKEN_SERVER_KS_ENDPOINT="http://[fd00::2]:5000/v3"
# a comment
`,
  });
  const {code, stderr} = await run(
    'config import config.yml --variables token_server.conf --output out.yaml',
  );
  t.is(code, 0, stderr);
  t.like(parse(await readFile(join(cwd, 'out.yaml'), 'utf8')), {
    http: {listen: ['[fd00::2]:9001']},
    token: {
      listen: ['[fd00::2]:9002'],
      issuer: 'bird-token-server',
      externalUrl: 'https://registry.local:9002',
      path: '/token/',
    },
    auth: {keystone: {url: 'http://[fd00::2]:5000/v3'}},
  });
  t.regex(
    stderr,
    /to be settled by you:\n {2}namespaces\.policy starlingx[^]*auth\.keystone\.admins/,
  );
});

test('what can not be had ends with 2, and stands at the top; --data-dir names the directory', async (t) => {
  const s3 = distribution.replace('filesystem: {rootdirectory: ROOT}', 's3: {bucket: images}');
  const {cwd, run} = await place(t, {'config.yml': s3});
  const {code, stderr} = await run('config import config.yml --output out.yaml --data-dir there');
  t.is(code, 2);
  t.regex(
    stderr,
    /to be settled by you:\n {2}storage\.s3 is no directory.*set storage\.root to it/,
  );
  const text = await readFile(join(cwd, 'out.yaml'), 'utf8');
  t.regex(text, /# To be settled by you:\n# {3}storage\.s3 is no directory/);
  t.like(parse(text), {dataDir: 'there'});
});

const ldapPassword = secret('the password of the directory: "#ü');

const portus = `ldap:
  enabled: true
  hostname: ldap.example.org
  port: 636
  encryption: {method: simple_tls}
  base: ou=people,dc=example,dc=org
  admin_base: ou=admins,dc=example,dc=org
  uid: cn
  filter: (objectClass=person)
  authentication: {enabled: true, bind_dn: 'cn=reader,dc=example,dc=org', password: ${JSON.stringify(ldapPassword)}}
  group_sync: {enabled: true, default_role: contributor}
signup: {enabled: true}
gravatar: {enabled: true}
anonymous_browsing: {enabled: false}
registry: {jwt_expiration_time: {value: 15}}
machine_fqdn: {value: portus.example.org}
delete: {enabled: true, contributors: true}
email: {smtp: {enabled: true, address: smtp.example.org}}
user_permission:
  push_images: {policy: admin-only}
  create_team: {enabled: false}
  manage_team: {enabled: false}
  create_namespace: {enabled: false}
  manage_namespace: {enabled: false}
  change_visibility: {enabled: false}
  change_visibilty: {enabled: false}
`;

test("Portus' file becomes ours, with its secret in a file that nobody else may read", async (t) => {
  const {cwd, run} = await place(t, {'config.yml': portus});
  const {code, stderr} = await run('config import --portus config.yml --output out.yaml', {
    PORTUS_LDAP_TIMEOUT: '7',
    PORTUS_LDAP_FILTR: '(a=b)',
    PORTUS_DB_HOST: 'db',
    PORTUS_EMAIL_SMTP_PORT: '25',
  });
  t.is(code, 0, stderr);
  t.is((await stat(join(cwd, 'out.yaml'))).mode & 0o777, 0o600);
  const text = await readFile(join(cwd, 'out.yaml'), 'utf8');
  t.like(parse(text), {
    auth: {
      mode: 'accounts',
      anonymous: false,
      signUp: false,
      ldap: {
        urls: ['ldaps://ldap.example.org:636'],
        base: 'ou=people,dc=example,dc=org',
        adminBase: 'ou=admins,dc=example,dc=org',
        uid: 'cn',
        filter: '(objectClass=person)',
        bindDn: 'cn=reader,dc=example,dc=org',
        bindPassword: ldapPassword,
        timeout: '7s',
        groups: {sync: true, role: 'contributor'},
      },
    },
    token: {expiresIn: '15m', issuer: 'portus.example.org'},
    storage: {delete: true},
    namespaces: {push: 'admins', contributorsDelete: true},
    permissions: {
      createTeams: false,
      manageTeams: false,
      createNamespaces: false,
      manageNamespaces: false,
      changeVisibility: false,
    },
  });
  t.regex(text, /# variable PORTUS_LDAP_TIMEOUT\n/);
  t.regex(stderr, /gravatar\.enabled has no counterpart/);
  t.regex(stderr, /email\.smtp\.enabled has no counterpart: no mail is sent/);
  t.regex(
    stderr,
    /user_permission\.change_visibilty unknown key; did you mean .*change_visibility\S* \(config\.yml:\d+:\d+\)/,
  );
  t.regex(stderr, /PORTUS_LDAP_FILTR unknown key/);
  t.notRegex(stderr, /PORTUS_DB_HOST|SMTP_PORT|smtp\.address|user_permission\.push/);
  t.regex(await checked(run), /^ok\n/);
});

test('what is printed has no secrets, and names the variable for each', async (t) => {
  const {run} = await place(t, {'config.yml': portus});
  const {code, stdout} = await run('config import --portus config.yml');
  t.is(code, 0);
  t.regex(stdout, /#bindPassword: a secret; HOLDFAST_AUTH_LDAP_BIND_PASSWORD_FILE names a file/);
  t.notThrows(() => parse(stdout) as unknown);
});

test('a Portus that has variables alone, and its secrets in files, needs no config.yml', async (t) => {
  const {cwd, run} = await place(t, {
    password: `${ldapPassword}\n`,
    'portus.env': `PORTUS_LDAP_ENABLED=true
PORTUS_LDAP_HOSTNAME=fd00::7
PORTUS_LDAP_METHOD=starttls
PORTUS_LDAP_BASE=dc=example,dc=org
PORTUS_LDAP_AUTHENTICATION_ENABLED=true
PORTUS_LDAP_AUTHENTICATION_BIND_DN=cn=a
PORTUS_LDAP_AUTHENTICATION_PASSWORD_FILE=password
PORTUS_OAUTH_OPENID_CONNECT_ENABLED=true
PORTUS_OAUTH_OPENID_CONNECT_ISSUER=https://id.example.org
PORTUS_OAUTH_OPENID_CONNECT_IDENTIFIER=portus
PORTUS_OAUTH_OPENID_CONNECT_SECRET=${secret('the secret of the client')}
`,
  });
  const {code, stderr} = await run(
    'config import --portus --variables portus.env --output out.yaml',
  );
  t.is(code, 0, stderr);
  t.like(parse(await readFile(join(cwd, 'out.yaml'), 'utf8')), {
    auth: {
      ldap: {urls: ['ldap://[fd00::7]:389'], startTls: true, bindPassword: ldapPassword},
      oidc: [{id: 'openid-connect', issuer: 'https://id.example.org', clientId: 'portus'}],
    },
  });
  t.regex(await checked(run), /^ok\n/);
});

test("each of Portus' policies of who may push has its own here", async (t) => {
  const {run} = await place(t, {});
  for (const [policy, said] of [
    ['allow-teams', /\n {2}push: members\n/],
    ['allow-personal', /\n {2}push: own-name\n/],
    ['nobody', /push_images\.policy is no policy that is known: set namespaces\.push/],
  ] as const) {
    const env = {PORTUS_USER_PERMISSION_PUSH_IMAGES_POLICY: policy};
    t.regex((await run('config import --portus', env)).stdout, said);
  }
});

test('what can not be read is told, and nothing is written', async (t) => {
  const {cwd, run} = await place(t, {
    'bad.yml': 'ldap: [',
    'there.yaml': 'mine',
    'config.yml': portus,
  });
  for (const [line, said] of [
    ['config import none.yml', /none\.yml[^]*does not exist/],
    ['config import bad.yml', /bad\.yml/],
    ['config import --portus bad.yml', /bad\.yml/],
    ['config import --portus', /name Portus' config\.yml/],
    ['config import', /name the configuration of Distribution's, or --portus/],
    ['config import config.yml', /version/],
    ['config import --portus config.yml --variables none', /none does not exist/],
  ] as const) {
    const {code, stderr} = await run(`${line} --output out.yaml`);
    t.is(code, 2, line);
    t.regex(stderr, said);
  }
  const unread = await run('config import --portus config.yml', {
    PORTUS_LDAP_AUTHENTICATION_PASSWORD_FILE: 'gone',
  });
  t.is(unread.code, 2);
  t.regex(unread.stderr, /PORTUS_LDAP_AUTHENTICATION_PASSWORD_FILE: gone does not exist/);
  t.is((await run('config import --portus config.yml --output there.yaml')).code, 1);
  t.is(await readFile(join(cwd, 'there.yaml'), 'utf8'), 'mine');
  await t.throwsAsync(stat(join(cwd, 'out.yaml')), {code: 'ENOENT'});
});
