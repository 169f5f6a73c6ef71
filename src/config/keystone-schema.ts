/** The settings of an OpenStack Keystone whose users may log in. */
import {z} from 'zod';
import {positiveTimeout} from './fields.ts';

const word = z.string().min(1).max(255);

/** Of somebody in a project. */
const assignment = z.strictObject({
  /** Its name, or its id. */
  project: word,
  /** The id of the domain of a project that is named; `auth.keystone.domain` unless given. */
  domain: word.optional(),
  role: word,
});

export const keystoneSettings = z
  .strictObject({
    url: z
      .url({
        protocol: /^https?$/,
        error: 'must be a URL such as https://keystone.example.org:5000/v3',
      })
      .optional()
      .describe('The identity API, version 3; without it Keystone is not used.'),
    caFile: z
      .string()
      .min(1)
      .optional()
      .describe("PEM file with the CA of Keystone's certificate; those of the system unless set."),
    verify: z
      .boolean()
      .default(true)
      .describe(
        'Whether the certificate must be valid for the host; false trusts whoever answers.',
      ),
    timeout: positiveTimeout.prefault('15s').describe('How long each answer may take.'),
    domain: word
      .default('default')
      .describe('The id of the domain of names without one; others are written NAME@DOMAIN.'),
    admins: z
      .array(assignment)
      .default([])
      .describe(
        'Who has one of these roles in its project is an admin, looked at with each login; without any, Keystone does not say who is one.',
      ),
    teams: z
      .array(assignment.extend({team: word, as: z.enum(['viewer', 'contributor', 'owner'])}))
      .default([])
      .describe(
        'Who has this role in this project is in the team, with that role; looked at with each login.',
      ),
    service: z
      .strictObject({
        id: word.describe(
          'The id of an application credential that may read users: with it, accounts of users who were removed or disabled there are disabled here.',
        ),
        secret: z.string().min(1).meta({secret: true}).describe('The secret of that credential.'),
      })
      .optional(),
  })
  .prefault({});

export type KeystoneSettings = z.infer<typeof keystoneSettings>;
