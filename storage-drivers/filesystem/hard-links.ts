/** File systems without hard links (CIFS, exFAT, some FUSE) are told by how they refuse one. */
import {StorageError} from '../../src/storage/driver.ts';
import {hasCode} from './errors.ts';

/** The refusal with the way out in it; every other error stays what it is. */
export function explainLinkFailure(error: unknown, root: string): unknown {
  if (!hasCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL')) return error;
  return new StorageError(
    'unavailable',
    `the file system of ${root} has no hard links, which decide between two writers of one key. ` +
      'With storage.exclusiveCreate: rename Holdfast does without, as long as it is the only process that writes there',
    {cause: error},
  );
}
