/** The storage root of a Holdfast in this process, as other programs see it. */
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {InProcess} from './in-process.ts';

type Place = Pick<InProcess, 'dataDir'>;

const layout = 'docker/registry/v2';

export const diskPath = ({dataDir}: Place, key: string): string =>
  path.join(dataDir, 'registry', key);

const pair = (digest: string): string => digest.replace(':', '/');

/** Keys in Distribution's layout. */
export const keys = {
  blob: (digest: string) => {
    const [algorithm = '', hex = ''] = digest.split(':');
    return `${layout}/blobs/${algorithm}/${hex.slice(0, 2)}/${hex}/data`;
  },
  repository: (name: string) => `${layout}/repositories/${name}`,
  layer: (name: string, digest: string) =>
    `${layout}/repositories/${name}/_layers/${pair(digest)}/link`,
  revision: (name: string, digest: string) =>
    `${layout}/repositories/${name}/_manifests/revisions/${pair(digest)}/link`,
  tag: (name: string, tag: string) =>
    `${layout}/repositories/${name}/_manifests/tags/${tag}/current/link`,
  tagIndex: (name: string, tag: string, digest: string) =>
    `${layout}/repositories/${name}/_manifests/tags/${tag}/index/${pair(digest)}/link`,
  referrer: (name: string, subject: string, digest: string) =>
    `${layout}/repositories/${name}/_referrers/${pair(subject)}/${pair(digest)}/link`,
  uploads: (name: string) => `${layout}/repositories/${name}/_uploads`,
};

export const readKey = async (place: Place, key: string): Promise<Buffer> =>
  readFile(diskPath(place, key));

export async function writeKey(place: Place, key: string, content: string | Buffer): Promise<void> {
  const file = diskPath(place, key);
  await mkdir(path.dirname(file), {recursive: true});
  await writeFile(file, content);
}

/** Every file below a key, sorted. */
export async function filesBelow(place: Place, key: string): Promise<readonly string[]> {
  const root = diskPath(place, key);
  try {
    const entries = await readdir(root, {recursive: true, withFileTypes: true});
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => path.join(path.relative(root, entry.parentPath), entry.name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Everything of the layout that Distribution knows, and what is ours below it. */
export const layoutFiles = async (place: Place): Promise<readonly string[]> =>
  (await filesBelow(place, layout)).map((file) => `${layout}/${file}`);
