/** Distribution's `storage`. */
import {resolve} from 'node:path';
import {isTree} from '../tree.ts';
import {writtenDuration} from './duration.ts';
import type {Draft, Row} from './row.ts';

/** Keys of `storage` that are no driver. */
const besides = new Set(['maintenance', 'cache', 'delete', 'redirect', 'tag']);
/** Of Distribution 2.8. */
const standardRoot = '/var/lib/registry';
/** So long that it is never. */
const never = '36500d';
const purging = 'storage.maintenance.uploadpurging';

function drivers(draft: Draft): readonly string[] {
  const storage = draft.value('storage');
  return isTree(storage) ? Object.keys(storage).filter((key) => !besides.has(key)) : [];
}

export const storageRows: readonly Row[] = [
  {
    keys: ['storage.filesystem.rootdirectory'],
    becomes: `\`storage.root\`; \`${standardRoot}\` where it is missing, as there.`,
    settings: ['storage.root'],
    translate: (draft) => {
      if (!drivers(draft).includes('filesystem')) return;
      const key = 'storage.filesystem.rootdirectory';
      draft.set('storage.root', resolve(draft.text(key) ?? standardRoot), key);
    },
  },
  {keys: ['storage.filesystem.*'], becomes: 'Nothing.'},
  {
    keys: ['storage.*'],
    becomes:
      '**Fault** (`s3`, `azure`, `gcs`, `swift`, `oss`, `inmemory`): copy the content into a directory, and set `storage.root` to it.',
    settings: ['storage.root'],
    translate: (draft) => {
      const [driver, another] = drivers(draft);
      if (driver === undefined) {
        draft.fault(
          'storage',
          'names no driver, such as filesystem: Distribution does not start so',
        );
      } else if (another !== undefined) {
        draft.fault(
          'storage',
          `names two drivers, ${driver} and ${another}: only one may be there`,
        );
      } else if (driver !== 'filesystem') {
        draft.fault(
          `storage.${driver}`,
          'is no directory, and Holdfast keeps its content in one: copy it there, and set storage.root to it',
        );
      }
    },
  },
  {
    keys: ['storage.delete.enabled'],
    becomes: '`storage.delete`; false where it is missing, as there.',
    settings: ['storage.delete'],
    translate: (draft) => {
      const key = 'storage.delete.enabled';
      draft.set('storage.delete', draft.flag(key) ?? false, key);
    },
  },
  {
    keys: ['storage.maintenance.readonly.enabled'],
    becomes: '`maintenance.readonly`.',
    settings: ['maintenance.readonly'],
    translate: (draft) => {
      const key = 'storage.maintenance.readonly.enabled';
      const enabled = draft.flag(key);
      if (enabled !== undefined) draft.set('maintenance.readonly', enabled, key);
    },
  },
  {
    keys: [`${purging}.enabled`, `${purging}.age`, `${purging}.dryrun`],
    becomes:
      '`uploads.expireAfter`: the age; a hundred years where it is not enabled, or runs dry.',
    settings: ['uploads.expireAfter'],
    translate: (draft) => {
      const key = `${purging}.age`;
      const age = draft.duration(key);
      for (const [off, isOff] of [
        [`${purging}.enabled`, draft.flag(`${purging}.enabled`) === false],
        [`${purging}.dryrun`, draft.flag(`${purging}.dryrun`) === true],
      ] as const) {
        if (!isOff) continue;
        draft.set('uploads.expireAfter', never, off);
        return;
      }
      if (age !== undefined) draft.set('uploads.expireAfter', writtenDuration(age), key);
    },
  },
  {keys: [`${purging}.interval`], becomes: 'Nothing: they are looked for every hour.'},
  {
    keys: ['storage.cache.*', 'storage.redirect.*', 'storage.tag.*'],
    becomes: 'Nothing: Holdfast caches in its own way, and a directory redirects nobody.',
  },
];
