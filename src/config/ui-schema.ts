/** The settings of the web interface. */
import {z} from 'zod';
import {externalUrl, listenAddress} from './fields.ts';

export const uiSettings = z
  .strictObject({
    enabled: z.boolean().default(true).describe('Whether there are pages for a browser.'),
    listen: z
      .array(listenAddress)
      .default([])
      .describe('Addresses of the pages, where they are not to be on those of the registry.'),
    externalUrl: externalUrl
      .optional()
      .describe(
        'The address by which browsers know the pages, where a proxy stands in front of ui.listen.',
      ),
  })
  .prefault({});
