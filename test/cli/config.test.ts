import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {holdfast} from './holdfast.ts';

test('config init writes a file that config check finds sound, and never writes over one', async (t) => {
  const cwd = await temporaryDirectory(t);
  t.is((await holdfast(['config', 'init'], {cwd})).code, 0);
  t.like(await holdfast(['config', 'check'], {cwd}), {code: 0, stdout: 'ok\n', stderr: ''});
  await writeFile(join(cwd, 'holdfast.yaml'), 'dataDir: mine\n');
  const again = await holdfast(['config', 'init'], {cwd});
  t.is(again.code, 1);
  t.regex(again.stderr, /holdfast\.yaml exists; --force writes over it/);
  t.is(await readFile(join(cwd, 'holdfast.yaml'), 'utf8'), 'dataDir: mine\n');
  t.is((await holdfast(['config', 'init', '--force'], {cwd})).code, 0);
  t.not(await readFile(join(cwd, 'holdfast.yaml'), 'utf8'), 'dataDir: mine\n');
});

test('config init writes where its argument or --config says', async (t) => {
  const cwd = await temporaryDirectory(t);
  await holdfast(['config', 'init', 'a.yaml'], {cwd});
  await holdfast(['--config', 'b.yaml', 'config', 'init'], {cwd});
  t.deepEqual((await readdir(cwd)).sort(), ['a.yaml', 'b.yaml']);
  const {code, stderr} = await holdfast(['config', 'init', 'none/c.yaml'], {cwd});
  t.is(code, 1);
  t.regex(stderr, /none\/c\.yaml can't be written \(ENOENT\)/);
});

test('config init ends with the command that checks it, with --config only where it is needed', async (t) => {
  const cwd = await temporaryDirectory(t);
  const init = async (args: readonly string[], env = {}) =>
    (await holdfast(['config', 'init', ...args], {cwd, env})).stdout;
  t.is(
    await init(['a b.yaml']),
    "wrote a b.yaml; next: holdfast --config 'a b.yaml' config check\n",
  );
  t.is(await init([]), 'wrote holdfast.yaml; next: holdfast config check\n');
  t.is(
    await init(['--force'], {HOLDFAST_CONFIG: 'a b.yaml'}),
    'wrote holdfast.yaml; next: holdfast --config holdfast.yaml config check\n',
  );
});

test('config print says what is in force, and where each value comes from', async (t) => {
  const cwd = await temporaryDirectory(t);
  await writeFile(join(cwd, 'holdfast.yaml'), 'http:\n  drainTimeout: 5m\n');
  const env = {HOLDFAST_HTTP_LISTEN: '127.0.0.1:1,[::1]:2'};
  const {code, stdout} = await holdfast(['config', 'print', '--data-dir', '/srv/x'], {cwd, env});
  t.is(code, 0);
  const text = stdout.replaceAll(/ +#/g, ' #').replaceAll(/\S*\/holdfast\.yaml/g, 'FILE');
  t.regex(text, /^# read from FILE\n/);
  t.regex(text, /^dataDir: \/srv\/x # flag --data-dir$/m);
  t.regex(text, /^ {2}listen: \[127\.0\.0\.1:1, '\[::1\]:2'\] # variable HOLDFAST_HTTP_LISTEN$/m);
  t.regex(text, /^ {2}drainTimeout: 5m # file FILE:2:3$/m);
  t.regex(text, /^ {2}mode: self-signed # default$/m);
  t.regex(text, /^ #externalUrl: # not set$|^#externalUrl: # not set$/m);
});

test('what config print writes can be read again', async (t) => {
  const cwd = await temporaryDirectory(t);
  const first = await holdfast(['config', 'print', '--data-dir', "it's: here"], {cwd});
  await writeFile(join(cwd, 'again.yaml'), first.stdout);
  const args = ['config', 'print', '--json', '--config', 'again.yaml'];
  const {stdout} = await holdfast(args, {cwd});
  t.regex(stdout, /"value": "it's: here"/);
});

test('config print --json tells values, origins and variables', async (t) => {
  const cwd = await temporaryDirectory(t);
  const {stdout} = await holdfast(['config', 'print', '--json'], {cwd});
  const printed = JSON.parse(stdout) as {file: null; settings: unknown[]};
  t.is(printed.file, null);
  t.deepEqual(printed.settings[0], {
    path: 'dataDir',
    variable: 'HOLDFAST_DATA_DIR',
    origin: {kind: 'default'},
    value: './data',
  });
});

test('the file is looked for here, then in the data directory', async (t) => {
  const cwd = await temporaryDirectory(t);
  await mkdir(join(cwd, 'there'));
  await writeFile(join(cwd, 'there/holdfast.yaml'), 'log:\n  level: debug\n');
  const read = async (env = {}) =>
    (await holdfast(['config', 'print'], {cwd, env})).stdout.split('\n')[0];
  t.is(await read(), '# no configuration file was found');
  t.is(await read({HOLDFAST_DATA_DIR: 'there'}), `# read from ${cwd}/there/holdfast.yaml`);
  await writeFile(join(cwd, 'holdfast.yaml'), '');
  t.is(await read({HOLDFAST_DATA_DIR: 'there'}), `# read from ${cwd}/holdfast.yaml`);
  await writeFile(join(cwd, 'third.yaml'), '');
  t.is(await read({HOLDFAST_CONFIG: 'third.yaml'}), `# read from ${cwd}/third.yaml`);
});

test('config check tells faults of file, variables and directories together, with exit code 2', async (t) => {
  const cwd = await temporaryDirectory(t);
  await writeFile(join(cwd, 'holdfast.yaml'), 'tls:\n  mod: off\ndataDir: taken\n');
  await writeFile(join(cwd, 'taken'), '');
  const env = {HOLDFAST_LOG_LEVEL: 'loud'};
  const {code, stdout, stderr} = await holdfast(['config', 'check'], {cwd, env});
  t.is(code, 2);
  t.is(stdout, '');
  t.is(
    stderr.replaceAll(cwd, 'CWD'),
    `holdfast: 3 faults in the configuration
  tls.mod: unknown key; did you mean tls.mode?
    given by file CWD/holdfast.yaml:2:3
  log.level: must be one of debug, info, warn, error, not "loud"
    given by variable HOLDFAST_LOG_LEVEL
  CWD/taken: is a file, and a directory is needed: move it away, or name another directory
`,
  );
  const {faults} = JSON.parse(
    (await holdfast(['config', 'check', '--json'], {cwd, env})).stdout,
  ) as {
    faults: unknown[];
  };
  t.is(faults.length, 3);
});

test('config check looks for the certificate of tls.mode files, and makes nothing', async (t) => {
  const cwd = await temporaryDirectory(t);
  const env = {HOLDFAST_TLS_MODE: 'files', HOLDFAST_TLS_CERTIFICATE: 'none.crt'};
  const {code, stderr} = await holdfast(['config', 'check'], {cwd, env});
  t.is(code, 2);
  t.regex(stderr, /none\.crt/);
  t.deepEqual(await readdir(cwd), []);
});

for (const [what, settings, told] of [
  [
    'an htpasswd file that is missing',
    {auth: {htpasswd: 'none'}},
    /auth\.htpasswd: none can't be read \(ENOENT\)/,
  ],
  [
    'a directory as htpasswd file',
    {auth: {htpasswd: 'there'}},
    /auth\.htpasswd: there is a directory: name the file in it/,
  ],
  [
    'a secret and a CA of an OpenID Connect provider that are missing',
    {
      auth: {
        oidc: [
          {
            id: 'dex',
            issuer: 'https://dex.example.org',
            clientId: 'x',
            clientSecretFile: 'none',
            caFile: 'none.pem',
          },
        ],
      },
    },
    /auth\.oidc\[0\]\.clientSecretFile: none does not exist[^]*auth\.oidc\[0\]\.caFile: none\.pem does not exist/,
  ],
  [
    'a CA of Keystone that is missing',
    {auth: {keystone: {url: 'https://k.example.org/v3', caFile: 'none.pem'}}},
    /auth\.keystone\.caFile: none\.pem does not exist/,
  ],
  [
    'a CA of LDAP that is missing',
    {auth: {ldap: {urls: ['ldaps://l.example.org'], base: 'dc=x', caFile: 'none.pem'}}},
    /auth\.ldap\.caFile: none\.pem does not exist/,
  ],
  [
    'a CA of the database that is missing, without accounts too,',
    {
      auth: {mode: 'none'},
      metadata: {url: 'postgres://holdfast@db.example.org/holdfast', caFile: 'none.pem'},
    },
    /metadata\.caFile: none\.pem does not exist/,
  ],
  [
    'a wrong name for the certificate',
    {tls: {names: ['https://x.example.org']}},
    /tls\.names: "https:\/\/x\.example\.org" is neither a host name nor an address/,
  ],
  [
    'a pair that tls.mode self-signed does not use',
    {tls: {certificate: 'a.crt', key: 'a.key'}},
    /tls: tls\.certificate and tls\.key name your own pair, but tls\.mode is self-signed/,
  ],
] as const) {
  test(`config check refuses ${what}, as serve does`, async (t) => {
    const cwd = await temporaryDirectory(t);
    await mkdir(join(cwd, 'there'));
    await writeFile(join(cwd, 'holdfast.yaml'), JSON.stringify(settings));
    const {code, stderr} = await holdfast(['config', 'check'], {cwd});
    t.is(code, 2);
    t.regex(stderr, told);
    t.deepEqual((await readdir(cwd)).sort(), ['holdfast.yaml', 'there']);
    const served = await holdfast(['serve', '--listen', '127.0.0.1:0'], {cwd});
    t.deepEqual([served.code, served.stderr], [2, stderr]);
  });
}

test('config check warns of settings that count for nothing, and of faults and warnings says which are which', async (t) => {
  const cwd = await temporaryDirectory(t);
  const write = async (settings: object) =>
    writeFile(join(cwd, 'holdfast.yaml'), JSON.stringify(settings));
  const auth = {
    ldap: {adminGroup: 'cn=admins,dc=x', groups: {base: 'ou=groups,dc=x'}},
    keystone: {admins: [{project: 'admin', role: 'admin'}], timeout: '15s'},
  };
  await write({dataDir: '~/data', auth, http: {accelRedirect: '/internal/'}});
  const warned = await holdfast(['config', 'check'], {cwd});
  t.is(warned.code, 0);
  t.is(
    warned.stderr.replaceAll(/\n {4}given by .*/g, ''),
    `holdfast: it works, but
  dataDir: ~ is no home directory here, and everything lies in ${cwd}/~/data: write the path
  auth.ldap.adminGroup: counts for nothing without auth.ldap.urls: set that, or leave this out
  auth.ldap.groups.base: counts for nothing without auth.ldap.urls: set that, or leave this out
  auth.keystone.admins: counts for nothing without auth.keystone.url: set that, or leave this out
  http.accelRedirect: counts for nothing without http.trustedProxies: set that, or leave this out
`,
  );
  await write({auth: {...auth, htpasswd: 'none'}});
  const refused = await holdfast(['config', 'check'], {cwd});
  t.is(refused.code, 2);
  t.regex(
    refused.stderr,
    /^holdfast: a fault in the configuration\n {2}auth\.htpasswd: [^]*\nand warnings:\n {2}auth\.ldap/,
  );
  const {code, stdout} = await holdfast(['config', 'print'], {cwd: await temporaryDirectory(t)});
  t.is(code, 0);
  await writeFile(join(cwd, 'holdfast.yaml'), stdout);
  t.like(await holdfast(['config', 'check'], {cwd}), {code: 0, stderr: ''});
});
