/** olareg, a small registry in Go that keeps OCI layouts. */
import {startServer} from './start-server.ts';
import type {Target} from './target.ts';

export function olareg({program, title}: {program: string; title: string}): Target {
  return {
    name: 'olareg',
    title,
    layout: 'oci-layout',
    protocols: ['http', 'https'],
    lacks: {'list/catalog': 'it has no catalogue'},
    start: (place) =>
      startServer(place, (port) => {
        const {root, pair, protocol} = place;
        const tls =
          protocol === 'https' ? ['--tls-cert', pair.certificate, '--tls-key', pair.key] : [];
        const where = ['--addr', '127.0.0.1', '--port', String(port), '--dir', root];
        return {program, args: ['serve', ...where, ...tls]};
      }),
  };
}
