/** The settings of the index of content. */
import {z} from 'zod';
import {positiveTimeout} from './fields.ts';

export const indexSettings = z
  .strictObject({
    reconcileInterval: positiveTimeout
      .prefault('5m')
      .describe(
        'How often the storage is compared with the index, for what others have put there; a comparison that takes long is repeated less often.',
      ),
  })
  .prefault({});
