/** The null server: see null-server.ts. */
import {fileURLToPath} from 'node:url';
import {startServer} from './start-server.ts';
import type {Target} from './target.ts';

const program = fileURLToPath(new URL('null-server.ts', import.meta.url));

export const nullTarget: Target = {
  name: 'null',
  title: 'null server',
  layout: undefined,
  protocols: ['http', 'https'],
  isNull: true,
  start: (place) =>
    startServer(place, (port) => ({
      program: process.execPath,
      args: [
        program,
        String(port),
        ...(place.protocol === 'https' ? [place.pair.certificate, place.pair.key] : []),
      ],
    })),
};
