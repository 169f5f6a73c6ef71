/** Pulls an image: its manifest, then every layer. */
import {createHash} from 'node:crypto';
import {Connection} from './connection.ts';
import {manifestType} from './manifest.ts';
import {inParallel} from './parallel.ts';
import {pushedTag} from './push.ts';

export type PullJob = {
  readonly kind: 'pull';
  readonly url: string;
  readonly repository: string;
  readonly connections: number;
  /** Compares every layer with its digest, rather than counting its bytes only. */
  readonly verify: boolean;
};

type Layer = {readonly digest: string; readonly size: number};

/** Resolves with the number of bytes in layers. Throws where a layer is not what the manifest says. */
export async function pull({url, repository, connections, verify}: PullJob): Promise<number> {
  const layers = await pullManifest(url, repository);
  let bytes = 0;
  await inParallel(url, connections, layers, async (connection, {digest, size}) => {
    const hash = verify ? createHash('sha256') : undefined;
    let got = 0;
    await connection.expect(200, {
      method: 'GET',
      path: `/v2/${repository}/blobs/${digest}`,
      sink: (piece) => {
        got += piece.length;
        hash?.update(piece);
      },
    });
    if (got !== size) throw new Error(`${digest} has ${size} bytes, and ${got} came`);
    if (hash !== undefined && `sha256:${hash.digest('hex')}` !== digest) {
      throw new Error(`what came as ${digest} is something else`);
    }
    bytes += got;
  });
  return bytes;
}

async function pullManifest(url: string, repository: string): Promise<readonly Layer[]> {
  const connection = new Connection(url);
  try {
    const {body} = await connection.expect(200, {
      method: 'GET',
      path: `/v2/${repository}/manifests/${pushedTag}`,
      headers: {Accept: manifestType},
    });
    return (JSON.parse(body.toString()) as {layers: readonly Layer[]}).layers;
  } finally {
    connection.close();
  }
}
