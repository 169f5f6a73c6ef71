/** Whether what hinders a node may go away by itself. */
import {MetadataError} from '../metadata/metadata-error.ts';
import {StorageError} from '../storage/driver.ts';

/** Another was quicker, the storage or the database is away. */
export const mayPass = (error: unknown): boolean =>
  (error instanceof StorageError && error.kind === 'unavailable') ||
  (error instanceof MetadataError && (error.kind === 'unavailable' || error.kind === 'busy'));
