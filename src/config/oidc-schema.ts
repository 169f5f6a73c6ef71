/** The settings of OpenID Connect: providers whose people sign in with a browser, and issuers of ID tokens for pipelines. */
import {z} from 'zod';
import {positiveTimeout} from './fields.ts';
import {isLoopbackHost} from './loopback.ts';

const word = z.string().min(1).max(255);
const role = z.enum(['viewer', 'contributor', 'owner']);

function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const {protocol, hostname, search, hash, username, password} = new URL(text);
  if (search + hash + username + password !== '' || /[?#]/.test(text)) return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
}

const issuer = z.string().max(512).refine(isIssuer, {
  message: 'must be https://... without query and fragment, or http:// on this host alone',
});

/** How the provider is reached. */
const connection = {
  issuer,
  /** PEM file with the CA of its certificate. */
  caFile: z.string().min(1).optional(),
  /** False trusts whoever answers. */
  verify: z.boolean().default(true),
  /** For each request. */
  timeout: positiveTimeout.prefault('5s'),
};

const adminRule = z
  .strictObject({group: word.optional(), claim: word.optional(), value: word.optional()})
  .refine(
    ({group, claim, value}) =>
      group === undefined
        ? claim !== undefined && value !== undefined
        : claim === undefined && value === undefined,
    {message: 'must have a group, or a claim and its value'},
  );

const provider = z
  .strictObject({
    id: z
      .string()
      .regex(
        /^[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?$/,
        'must be up to 30 lower-case letters, digits and - between them',
      ),
    displayName: z.string().min(1).max(64).optional(),
    ...connection,
    clientId: word,
    clientSecret: z.string().min(1).optional().meta({secret: true}),
    clientSecretFile: z.string().min(1).optional(),
    scopes: z
      .array(z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'must be a scope'))
      .default(['openid', 'profile', 'email']),
    claims: z
      .strictObject({
        username: word.default('preferred_username'),
        groups: word.default('groups'),
        displayName: word.default('name'),
        email: word.default('email'),
      })
      .prefault({}),
    /** A group puts its people into a team; without a team, into that of its own name. */
    teams: z
      .array(z.strictObject({group: word, team: word.optional(), as: role.default('viewer')}))
      .default([]),
    admins: z.array(adminRule).default([]),
    /** Whoever is in none of them is not let in. */
    requiredGroups: z.array(word).default([]),
  })
  .superRefine(({scopes, clientSecret, clientSecretFile}, context) => {
    const tell = (path: string, message: string): void => {
      context.addIssue({code: 'custom', path: [path], message});
    };
    if (!scopes.includes('openid')) tell('scopes', 'must have openid among them');
    if (clientSecret !== undefined && clientSecretFile !== undefined) {
      tell('clientSecretFile', 'must not be set where clientSecret is');
    }
  });

export type OidcSettings = z.infer<typeof provider>;

export const oidcSettings = z
  .array(provider)
  .superRefine((providers, context) => {
    for (const [index, {id}] of providers.entries()) {
      if (providers.findIndex((each) => each.id === id) === index) continue;
      context.addIssue({code: 'custom', path: [index, 'id'], message: `${id} is there already`});
    }
  })
  .default([])
  .describe(
    'OpenID Connect providers whose people sign in with a browser: a list, as docs/oidc.md describes it.',
  );

const workload = z.strictObject({
  ...connection,
  /** What the token must be for. */
  audience: word,
  /** Every one must be as one of the values that are allowed for it. */
  claims: z
    .record(word, z.union([word, z.array(word).min(1)]))
    .refine((claims) => Object.keys(claims).length > 0, {
      message: 'must name a claim, or every workload of the issuer would be this robot',
    }),
  /** Whose account the workload has. */
  robot: z
    .string()
    .regex(/^(?=.{1,128}$)[a-z0-9]+(?:[._-][a-z0-9]+)*$/, 'must be the name of a robot'),
});

export type WorkloadSettings = z.infer<typeof workload>;

const connectionOf = ({caFile, verify, timeout}: WorkloadSettings): string =>
  JSON.stringify([caFile, verify, timeout]);

export const workloadSettings = z
  .array(workload)
  .superRefine((workloads, context) => {
    for (const [index, each] of workloads.entries()) {
      const first = workloads.find((other) => other.issuer === each.issuer);
      if (first === undefined || connectionOf(first) === connectionOf(each)) continue;
      const message = 'must have the caFile, verify and timeout that it has further up';
      context.addIssue({code: 'custom', path: [index, 'issuer'], message});
    }
  })
  .default([])
  .describe(
    'Issuers whose ID tokens are the password of a robot, as those of a CI: a list, as docs/oidc.md describes it.',
  );
