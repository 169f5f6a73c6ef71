/** The settings of notifications: who is told of what happens in the whole registry, and how. */
import {z} from 'zod';
import {addressRange, life, positiveTimeout} from './fields.ts';

const webAddress = z
  .url({protocol: /^https?$/, error: 'must be a URL such as https://ci.example.org/hooks'})
  .max(2000)
  .refine((text) => !URL.canParse(text) || new URL(text).username === '', {
    message: 'must have no name and password in it: they are settings of their own',
  });

const component = String.raw`(?:\*|[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)`;
const patternForm = new RegExp(String.raw`^(?:\*\*|${component}(?:/${component})*(?:/\*\*)?)$`);
export const repositoryPattern = z
  .string()
  .max(255)
  .regex(patternForm, 'must be a name, such as base/app, base/*, base/** or **');

const token = String.raw`[!#$%&'*+.^_\`|~0-9A-Za-z-]{1,127}`;
export const mediaTypePattern = z
  .string()
  .regex(
    new RegExp(String.raw`^${token}/${token}$`),
    'must be a media type, such as application/vnd.oci.image.manifest.v1+json; * stands for whatever comes',
  );

export const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,127}$/, 'must be the name of a header');
export const headerValue = z
  .string()
  .max(4096)
  .regex(/^[\t\x20-\x7E\x80-\xFF]*$/, 'must be one line of plain characters');

export const webhookFormat = z.enum(['event', 'distribution', 'cloudevents']);
export const eventAction = z.enum(['push', 'pull', 'mount', 'delete', 'tag']);

const endpoint = z.strictObject({
  name: z
    .string()
    .regex(
      /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
      'must be up to 63 lower-case letters, digits and - between them',
    ),
  url: webAddress,
  enabled: z.boolean().default(true),
  method: z.enum(['post', 'get']).default('post'),
  /** distribution: a list of events in the form of Distribution; event: one of them alone; cloudevents: CloudEvents 1.0. */
  format: webhookFormat.default('distribution'),
  /** Each name with its value, or values. */
  headers: z
    .record(headerName, z.union([headerValue, z.array(headerValue)]))
    .default({})
    .meta({secret: true}),
  username: z.string().min(1).max(255).optional(),
  password: z.string().min(1).max(1024).optional().meta({secret: true}),
  /** Signs what is sent, as Standard Webhooks has it. */
  secret: z.string().min(16).max(255).optional().meta({secret: true}),
  actions: z.array(eventAction).min(1).default(['push', 'pull', 'mount', 'delete', 'tag']),
  /** None: all of them. */
  repositories: z.array(repositoryPattern).default([]),
  mediaTypes: z.array(mediaTypePattern).default([]),
  ignoreMediaTypes: z.array(mediaTypePattern).default([]),
  /** Whether the layers and manifests that a manifest names are told with it. */
  references: z.boolean().default(false),
  timeout: positiveTimeout.prefault('10s'),
});

export type EndpointSettings = z.infer<typeof endpoint>;

export const notificationSettings = z
  .strictObject({
    endpoints: z
      .array(endpoint)
      .superRefine((endpoints, context) => {
        for (const [index, {name}] of endpoints.entries()) {
          if (endpoints.findIndex((each) => each.name === name) === index) continue;
          const message = `${name} is there already`;
          context.addIssue({code: 'custom', path: [index, 'name'], message});
        }
      })
      .default([])
      .describe(
        'Who is told of what happens in all repositories; namespaces have webhooks of their own.',
      ),
    incoming: z
      .strictObject({
        enabled: z
          .boolean()
          .default(false)
          .describe(
            'Whether a Distribution on the same storage may tell of its pushes and deletions, at /v2/webhooks/events.',
          ),
        token: z
          .string()
          .regex(
            /^[\x21-\x7E]{16,1024}$/,
            'must have 16 to 1024 visible characters, without a space',
          )
          .optional()
          .describe('What it sends as Authorization: Bearer; unless set, an admin logs in.')
          .meta({secret: true}),
      })
      .prefault({}),
    allowedTargets: z
      .array(addressRange)
      .default([])
      .describe(
        'Private, link-local and loopback addresses and ranges that webhooks of namespaces may reach; all others of these are refused.',
      ),
    maxBacklog: z
      .int()
      .min(10)
      .max(1_000_000)
      .default(10_000)
      .describe('What waits for one receiver at most; of more the oldest is not told any more.'),
    retryFor: life
      .prefault('3d')
      .describe(
        'How long it is tried to tell a receiver of an event; with pauses that grow up to 5 minutes.',
      ),
    keepFor: life
      .prefault('14d')
      .describe('How long it is kept what has happened, and what became of telling it.'),
    timeout: positiveTimeout
      .prefault('10s')
      .describe('How long the receiver of a webhook may take to answer.'),
  })
  .refine(({retryFor, keepFor}) => retryFor <= keepFor, {
    message: 'must not be longer than notifications.keepFor',
    path: ['retryFor'],
  })
  .prefault({});
