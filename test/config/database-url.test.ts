import test from 'ava';
import {describeAddress, parseDatabaseUrl} from '../../src/config/database-url.ts';
import {settingsInForce} from '../../src/config/in-force.ts';
import {examine} from '../../src/config/load.ts';
import {configSchema} from '../../src/config/schema.ts';
import {secret} from '../support/secrets.ts';

const password = secret('correct horse');

const faultsOf = (metadata: Readonly<Record<string, string>>): readonly string[] => {
  const env = Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => [`HOLDFAST_METADATA_${name}`, value]),
  );
  return examine(configSchema, {env, flags: {}}).faults.map(
    ({path, message}) => `${path} ${message}`,
  );
};

test('an address has a user, a host, a port that may be left out, and a database', (t) => {
  t.like(parseDatabaseUrl('mariadb://hold%40fast:p%3Aw@db.example.org/accounts'), {
    engine: 'mariadb',
    user: 'hold@fast',
    password: 'p:w',
    host: 'db.example.org',
    port: 3306,
    database: 'accounts',
  });
  t.like(parseDatabaseUrl('postgresql://u@[fd00::1]:6432/d'), {
    engine: 'postgres',
    host: 'fd00::1',
    port: 6432,
  });
  t.like(parseDatabaseUrl('mysql://u@localhost/d?socket=/run/mysqld/mysqld.sock'), {
    engine: 'mariadb',
    socket: '/run/mysqld/mysqld.sock',
  });
});

test('an address is told without its password', (t) => {
  for (const url of [
    'mariadb://ada:p@localhost/d?socket=/run/x.sock',
    'postgres://ada:p@[::1]:5432/d',
  ]) {
    const address = parseDatabaseUrl(url);
    if (typeof address === 'string') throw new Error(address);
    t.is(describeAddress(address), url.replace(':p@', '@'));
  }
});

for (const [url, wanted] of [
  ['sqlite:///x', /must be mariadb:/],
  ['nonsense', /must be mariadb:/],
  ['mariadb://localhost/d', /must name a user/],
  ['mariadb://u@localhost', /must name a database/],
  ['mariadb://u@localhost/a/b', /must name a database/],
  ['mariadb://u@localhost/d?ssl=false', /nothing behind NAME/],
  ['mariadb://u@localhost/d#x', /nothing behind NAME/],
  ['postgres://u@localhost/d?socket=run', /whole path/],
  ['postgres://u@localhost/d%00', /control characters/],
  ['postgres://u@localhost/%zz', /hexadecimal digits/],
] as const) {
  test(`${url} is no address`, (t) => {
    const fault = parseDatabaseUrl(url);
    t.regex(typeof fault === 'string' ? fault : '', wanted);
    t.is(faultsOf({URL: url}).length, 1);
  });
}

test('what is wrong with the settings of a server is told at once, and no password with it', (t) => {
  const faults = faultsOf({
    URL: `mariadb://u:${encodeURIComponent(password)}@10.0.0.1/d`,
    PASSWORD: password,
    TIMEOUT: 'soon',
    CONNECTIONS: '1',
  });
  t.is(faults.length, 2, faults.join('\n'));
  const more = faultsOf({
    URL: `mariadb://u:${encodeURIComponent(password)}@10.0.0.1/d`,
    PASSWORD: password,
  });
  t.is(more.length, 2, more.join('\n'));
  const all = [...faults, ...more, ...faultsOf({URL: `mariadb://u:${password}@h/a/b`})].join('\n');
  t.false(all.includes(password) || all.includes(encodeURIComponent(password)), all);
});

test('settings of a server are a fault where no server is named', (t) => {
  t.deepEqual(
    faultsOf({PASSWORD: password, TLS: 'verify'}).map((fault) => fault.split(' ')[0]),
    ['metadata.password', 'metadata.tls'],
  );
});

test('a password in the URL, and one beside it, are not shown', (t) => {
  const env = {HOLDFAST_METADATA_URL: `postgres://ada:${password}:@/x@db.example.org/d`};
  const loaded = examine(configSchema, {env, flags: {}});
  if (!loaded.loaded) throw new Error('it was not loaded');
  const shown = JSON.stringify(settingsInForce(configSchema, loaded.loaded));
  t.false(shown.includes(password), shown);
});
