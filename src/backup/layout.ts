/**
 * A directory of backups, of one volume:
 *
 * DIR/                              mode 0700
 *   backup.json                     the layout's number, and of which volume the backups are
 *   content/sha256/<2 hex>/<hex>    bytes of blobs and manifests, each once for all sets
 *   content/<random>.staged         one that is being copied, or was when a run was cut off
 *   sets/<time>/                    a backup; it has this name when it is whole
 *     set.json                      when it was made, of what, and what was found
 *     database.db                   the database, as a file of SQLite's whatever the engine
 *     keys/ certs/                  as in the data directory
 *     volume.json                   the marker of the volume
 *     configuration.yaml            the file of the settings, where there is one: to be read by people
 *     content.jsonl                 each small file of the storage with its text, and the sizes of the blobs they lead to
 *     SHA256SUMS                    of all the above, as sha256sum -c reads it
 *   sets/<time>.partial/            one that is being made, or was
 */
import {join} from 'node:path';
import {type Digest, digestHex} from '../oci/digest.ts';

export const format = 1;

export const partialEnd = '.partial';
export const stagedEnd = '.staged';

export const directoryPaths = (root: string) => ({
  record: join(root, 'backup.json'),
  content: join(root, 'content'),
  sets: join(root, 'sets'),
});

export interface SetPaths {
  readonly root: string;
  readonly record: string;
  readonly database: string;
  readonly keys: string;
  readonly certs: string;
  readonly volume: string;
  readonly configuration: string;
  readonly content: string;
  readonly sums: string;
}

export const setPaths = (root: string): SetPaths => ({
  root,
  record: join(root, 'set.json'),
  database: join(root, 'database.db'),
  keys: join(root, 'keys'),
  certs: join(root, 'certs'),
  volume: join(root, 'volume.json'),
  configuration: join(root, 'configuration.yaml'),
  content: join(root, 'content.jsonl'),
  sums: join(root, 'SHA256SUMS'),
});

/** Of a sha256. */
export const blobPath = (content: string, digest: Digest): string =>
  join(content, 'sha256', digestHex(digest).slice(0, 2), digestHex(digest));

/** A time without colons, which not every file system takes. */
export const setName = (at: Date): string => at.toISOString().replaceAll(':', '');

export const isSetName = (name: string): boolean => /^\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z$/.test(name);
