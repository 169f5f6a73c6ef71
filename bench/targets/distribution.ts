/** Docker Distribution, as Debian ships it and as its project does now. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {startServer} from './start-server.ts';
import type {Target} from './target.ts';

type Distribution = Pick<Target, 'name' | 'title'> & {readonly program: string};

/** The cache is that of its usual configuration; logs of single requests are off, as they are for all. */
export function distribution({program, name, title}: Distribution): Target {
  return {
    name,
    title,
    layout: 'distribution',
    protocols: ['http', 'https'],
    start: async ({root, home, protocol, pair}) => {
      const configFile = join(home, 'registry.yml');
      return startServer({home, protocol}, async (port) => {
        const config = {
          version: 0.1,
          log: {level: 'warn', accesslog: {disabled: true}},
          storage: {
            filesystem: {rootdirectory: root},
            cache: {blobdescriptor: 'inmemory'},
            delete: {enabled: true},
          },
          http: {
            addr: `127.0.0.1:${port}`,
            ...(protocol === 'https' ? {tls: pair} : {}),
          },
        };
        await writeFile(configFile, JSON.stringify(config));
        return {program, args: ['serve', configFile], env: {OTEL_TRACES_EXPORTER: 'none'}};
      });
    },
  };
}
