/** Holdfast as it is shipped: built, on the Node that npm installed. */
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {startServer} from './start-server.ts';
import type {Target} from './target.ts';

const ownDirectory = fileURLToPath(new URL('../../', import.meta.url));

/** Nothing that the user's shell says about another Holdfast may change what is measured. */
const withoutSettings = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith('HOLDFAST_') || name === 'NODE_OPTIONS')
    .map((name) => [name, undefined]),
);

/** Logs of single requests are off, as they are for all. The Holdfast of this directory, or of another checkout that is built. */
export async function holdfast(
  directory: string = ownDirectory,
  name = 'holdfast',
): Promise<Target> {
  const text = await readFile(join(directory, 'package.json'), 'utf8').catch((cause: unknown) => {
    throw new Error(`${directory} is no built Holdfast`, {cause});
  });
  const {version} = JSON.parse(text) as {version: string};
  return {
    name,
    title: name === 'holdfast' ? `Holdfast ${version}` : name,
    layout: 'distribution',
    alone: name !== 'holdfast',
    protocols: ['http', 'https'],
    start: async (place) => {
      const configFile = join(place.home, 'holdfast.yaml');
      return startServer(place, async (port) => {
        const config = {
          dataDir: join(place.home, 'data'),
          http: {listen: [`127.0.0.1:${port}`]},
          auth: {mode: 'none'},
          log: {level: 'warn'},
          tls: {mode: place.protocol === 'https' ? 'self-signed' : 'off'},
          storage: {root: place.root},
        };
        await writeFile(configFile, JSON.stringify(config));
        return {
          program: join(directory, 'node_modules/.bin/node'),
          args: [join(directory, 'bin/holdfast.js'), 'serve', '--config', configFile],
          env: withoutSettings,
        };
      });
    },
  };
}
