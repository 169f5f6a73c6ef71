/** The settings of what is written down of everything that is done. */
import {z} from 'zod';
import {life} from './fields.ts';

export const activitiesSettings = z
  .strictObject({
    keepFor: life
      .prefault('400d')
      .describe('How long activities are kept once they are sealed; 0s: for ever.'),
  })
  .prefault({});
