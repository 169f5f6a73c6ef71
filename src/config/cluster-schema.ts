/** The settings of several hosts on one directory. */
import {z} from 'zod';
import {externalUrl, positiveTimeout} from './fields.ts';

/** It is the name of a directory, too. */
const nodeName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'must be of letters, digits, dots, hyphens and underscores, and begin with a letter or a digit',
  );

export const clusterSettings = z
  .strictObject({
    mode: z
      .enum(['single', 'active-standby', 'active-active'])
      .default('single')
      .describe(
        'single: this process alone uses the directory (a cluster manager may start another when it is gone). active-standby: of several processes one serves, and another takes over. active-active: all serve, with the database on a server.',
      ),
    node: nodeName.optional().describe('How this node is called; the name of the host unless set.'),
    address: externalUrl
      .optional()
      .describe(
        'A URL at which the other nodes reach this one: a standby passes requests on to it.',
      ),
    leaseTime: positiveTimeout
      .prefault('3s')
      .describe(
        'A node of another host that has not said for so long that it lives is taken over.',
      ),
    standby: z
      .enum(['refuse', 'forward'])
      .default('refuse')
      .describe(
        'What a standby does with requests: refuse answers 503, forward passes them on to cluster.address of the active node.',
      ),
    handOverTimeout: positiveTimeout
      .prefault('5s')
      .describe(
        'How long requests in flight may go on where this node hands over; where http.drainTimeout is shorter, that counts.',
      ),
  })
  .prefault({});
