/** Puts the smallest manifest under many names, where no tree can be laid out directly. */
import {emptyIndex, indexType} from '../trees/content.ts';
import {inParallel} from './parallel.ts';

export type SeedJob = {
  readonly kind: 'seed';
  readonly url: string;
  readonly repositories: readonly string[];
  readonly tags: readonly string[];
};

const connections = 16;

export async function seed({url, repositories, tags}: SeedJob): Promise<void> {
  const places = repositories.flatMap((name) => tags.map((tag) => `${name}/manifests/${tag}`));
  await inParallel(url, connections, places, async (connection, place) => {
    await connection.expect(201, {
      method: 'PUT',
      path: `/v2/${place}`,
      headers: {'Content-Type': indexType},
      body: [[emptyIndex.bytes]],
      length: emptyIndex.bytes.length,
    });
  });
}
