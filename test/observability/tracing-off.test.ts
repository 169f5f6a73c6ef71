/** What is not asked for is not loaded. */
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {answering} from '../support/otlp-receiver.ts';
import {loadedIn, tellLoaded} from '../support/loaded-packages.ts';
import {startServe} from '../support/serve-process.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';

/** The packages of a server that has answered a request. */
async function loadedBy(t: ExecutionContext, tracing: object): Promise<readonly string[]> {
  const directory = await memoryDirectory(t);
  const {url, service} = await startServe(t, {
    configFile: path.join(directory, 'holdfast.yaml'),
    config: {
      dataDir: path.join(directory, 'data'),
      tracing,
      http: {listen: ['127.0.0.1:0']},
      tls: {mode: 'off'},
      auth: {mode: 'none'},
    },
    env: tellLoaded,
  });
  t.is((await fetch(`${url}/v2/`)).status, 200);
  await service.stop();
  return loadedIn(service.output());
}

/** prom-client loads the words of OpenTelemetry, which do nothing, by itself. */
const makesTraces = (name: string): boolean =>
  name.startsWith('@opentelemetry/') && name !== '@opentelemetry/api';

test('a server without traces loads nothing that makes them', async (t) => {
  const packages = await loadedBy(t, {});
  t.true(packages.includes('koa'));
  t.deepEqual(packages.filter(makesTraces), []);
});

test('a server with traces does', async (t) => {
  const endpoint = await answering(t, (_, response) => response.end('{}'));
  t.true((await loadedBy(t, {endpoint})).some(makesTraces));
});
