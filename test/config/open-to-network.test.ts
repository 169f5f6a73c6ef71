/** A registry without accounts is for this host, unless somebody says that it is not. */
import test from 'ava';
import {ConfigError} from '../../src/config/fault.ts';
import {loadConfig} from '../../src/config/load.ts';

type Env = Readonly<Record<string, string>>;

const load = (env: Env) =>
  loadConfig({env: {HOLDFAST_CONFIG: '/dev/null', ...env}, flags: {}}).config;

const faultsOf = (env: Env): readonly string[] => {
  try {
    load(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({path}) => path);
    throw error;
  }
};

for (const listen of ['localhost:5000', '127.0.0.1:1', '127.9.9.9:1', '[::1]:5000']) {
  test(`on ${listen} nothing has to be confirmed`, (t) => {
    t.deepEqual(faultsOf({HOLDFAST_AUTH_MODE: 'none', HOLDFAST_HTTP_LISTEN: listen}), []);
  });
}

for (const listen of ['0.0.0.0:5000', '[::]:5000', '192.0.2.1:5000', 'example.org:5000']) {
  test(`on ${listen} auth.mode none is a fault that says what to do, until it is confirmed`, (t) => {
    const env = {HOLDFAST_AUTH_MODE: 'none', HOLDFAST_HTTP_LISTEN: listen};
    const error = t.throws(() => load(env), {instanceOf: ConfigError});
    t.deepEqual(
      error.faults.map(({path, origin}) => [path, origin?.detail]),
      [['http.listen[0]', 'HOLDFAST_HTTP_LISTEN']],
    );
    t.regex(error.message, /auth\.mode accounts.*auth\.openToNetwork/);
    t.deepEqual(faultsOf({...env, HOLDFAST_AUTH_OPEN_TO_NETWORK: 'true'}), []);
    t.deepEqual(faultsOf({...env, HOLDFAST_AUTH_MODE: 'accounts'}), []);
  });
}
