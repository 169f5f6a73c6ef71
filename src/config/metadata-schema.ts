/** The settings of the database. */
import {z} from 'zod';

export const metadataSettings = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .default('database/holdfast.db')
      .describe('The SQLite file of accounts, teams and namespaces, relative to dataDir.'),
    allowNetworkFileSystem: z
      .boolean()
      .default(false)
      .describe(
        'Lets that file lie on NFS and its like: one process alone has it open then, and no second host may.',
      ),
  })
  .prefault({});
