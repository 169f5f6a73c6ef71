/** Every setting of Holdfast: its type, its default and a sentence about it. */
import {z} from 'zod';
import {
  adminSettings,
  authSettings,
  namespacesSettings,
  permissionsSettings,
  tokenSettings,
} from './access-schema.ts';
import {
  addressRange,
  byteSize,
  duration,
  externalUrl,
  listenAddress,
  positiveTimeout,
  share,
  timeout,
  webPath,
} from './fields.ts';
import {activitiesSettings} from './activities-schema.ts';
import {clusterSettings} from './cluster-schema.ts';
import {indexSettings} from './index-schema.ts';
import {logSettings} from './log-schema.ts';
import {isLoopbackHost} from './loopback.ts';
import {metadataSettings} from './metadata-schema.ts';
import {tracingSettings} from './tracing-schema.ts';
import {notificationSettings} from './notification-schema.ts';
import {uiSettings} from './ui-schema.ts';

const settings = z.strictObject({
  dataDir: z.string().min(1).default('./data').describe('Everything that must survive lies here.'),
  externalUrl: externalUrl
    .optional()
    .describe(
      'The address by which clients know this registry, where a proxy stands in front of it; a path is a prefix of every route.',
    ),
  http: z
    .strictObject({
      listen: z
        .array(listenAddress)
        .min(1)
        .prefault(['localhost:5000'])
        .describe('Addresses to listen on; localhost means 127.0.0.1 and ::1.'),
      trustedProxies: z
        .array(addressRange)
        .default([])
        .describe('Addresses and ranges whose X-Forwarded-* headers are believed.'),
      accelRedirect: webPath
        .optional()
        .describe(
          'The internal location of nginx that has the storage root as its alias: behind a trusted proxy nginx then sends the bytes of blobs itself, told by X-Accel-Redirect.',
        ),
      locations: z
        .enum(['relative', 'absolute'])
        .default('relative')
        .describe('Form of the Location header where externalUrl is not set.'),
      headersTimeout: positiveTimeout
        .prefault('60s')
        .describe('A request whose headers take longer is answered 408 and closed.'),
      bodyIdleTimeout: positiveTimeout
        .prefault('60s')
        .describe(
          'A body from which no byte came for so long, or a download that took none, is ended.',
        ),
      keepAliveTimeout: positiveTimeout
        .prefault('75s')
        .describe(
          'How long an idle connection stays open; keep it above that of a proxy in front.',
        ),
      drainTimeout: timeout
        .prefault('30s')
        .describe('How long requests in flight may go on after SIGTERM.'),
      maxHeaderBytes: byteSize
        .prefault('64KiB')
        .describe('Request headers larger than this are answered 431.'),
    })
    .prefault({}),
  tls: z
    .strictObject({
      mode: z
        .enum(['self-signed', 'files', 'off'])
        .default('self-signed')
        .describe(
          'self-signed makes and renews a certificate of a local CA; files uses yours; off is plain HTTP.',
        ),
      certificate: z
        .string()
        .optional()
        .describe('PEM file with the certificate chain; certs/server.crt unless set.'),
      key: z
        .string()
        .optional()
        .describe('PEM file with its private key; certs/server.key unless set.'),
      names: z
        .array(z.string().min(1))
        .default([])
        .describe('Further host names and addresses for the self-signed certificate.'),
      minVersion: z
        .enum(['TLSv1.2', 'TLSv1.3'])
        .default('TLSv1.2')
        .describe('Oldest TLS version spoken.'),
    })
    .prefault({}),
  auth: authSettings,
  admin: adminSettings,
  token: tokenSettings,
  namespaces: namespacesSettings,
  permissions: permissionsSettings,
  metadata: metadataSettings,
  index: indexSettings,
  notifications: notificationSettings,
  activities: activitiesSettings,
  cluster: clusterSettings,
  storage: z
    .strictObject({
      root: z
        .string()
        .min(1)
        .default('registry')
        .describe("The storage root (Distribution's rootdirectory), relative to dataDir."),
      volume: z
        .string()
        .min(1)
        .optional()
        .describe(
          'The id of the volume that has to be there, as `holdfast node status` tells it; with another one, or none, nothing is started.',
        ),
      requireMount: z
        .union([z.boolean(), z.string().min(1)], {
          error: 'must be true, false, or the path of a mount point',
        })
        .default(false)
        .describe(
          'true: nothing is started unless dataDir is a mount point; a path: unless that is one.',
        ),
      exclusiveCreate: z
        .enum(['link', 'rename'])
        .default('link')
        .describe(
          'rename: for file systems without hard links; two writers may then overwrite each other.',
        ),
      delete: z
        .boolean()
        .default(true)
        .describe('Whether manifests, tags and blobs may be deleted.'),
      reserve: share
        .prefault('1%')
        .describe(
          'Free space that blobs leave alone, as a size or as a part of the file system: pushes that would use it are answered 507.',
        ),
    })
    .prefault({}),
  uploads: z
    .strictObject({
      expireAfter: duration
        .prefault('7d')
        .describe('Unfinished uploads older than this are removed.'),
    })
    .prefault({}),
  manifests: z
    .strictObject({
      maxBytes: byteSize.prefault('4MiB').describe('Larger manifests are answered 413.'),
      allowMissingChildren: z
        .boolean()
        .default(false)
        .describe('Accept an index whose manifests are not in the repository.'),
    })
    .prefault({}),
  ui: uiSettings,
  metrics: z
    .strictObject({
      listen: z
        .array(listenAddress)
        .default([])
        .describe('Addresses that serve /metrics for Prometheus, in plain HTTP; none unless set.'),
    })
    .prefault({}),
  log: logSettings,
  tracing: tracingSettings,
  maintenance: z
    .strictObject({
      readonly: z.boolean().default(false).describe('Writes are answered 405; pulls go on.'),
    })
    .prefault({}),
  distribution: z
    .strictObject({
      config: z
        .string()
        .min(1)
        .optional()
        .describe(
          "Docker Distribution's configuration file: it and the REGISTRY_* variables say what is not said otherwise.",
        ),
    })
    .prefault({}),
});

type Settings = z.infer<typeof settings>;

function refuseOpenness({auth, http}: Settings, context: z.RefinementCtx): void {
  if (auth.mode !== 'none' || auth.openToNetwork) return;
  for (const [index, {host}] of http.listen.entries()) {
    if (isLoopbackHost(host)) continue;
    context.addIssue({
      code: 'custom',
      path: ['http', 'listen', index],
      message:
        'lets everybody on the network push and delete, as auth.mode is none: set auth.mode accounts, or confirm it with auth.openToNetwork true',
    });
  }
}

function refuseIdleRules({namespaces: {policy, rules}}: Settings, context: z.RefinementCtx): void {
  if (policy !== 'teams' || rules.length === 0) return;
  context.addIssue({
    code: 'custom',
    path: ['namespaces', 'rules'],
    message: 'counts for nothing with namespaces.policy teams: set that to rules, or to starlingx',
  });
}

function refuseStrangersNames({auth, namespaces}: Settings, context: z.RefinementCtx): void {
  if (namespaces.policy === 'teams' || !auth.signUp) return;
  context.addIssue({
    code: 'custom',
    path: ['auth', 'signUp'],
    message: `lets strangers take names that rules give rights to: set it to false, as namespaces.policy is ${namespaces.policy}`,
  });
}

function refuseUnprovenEvents(
  {auth, notifications: {incoming}}: Settings,
  context: z.RefinementCtx,
): void {
  if (auth.mode !== 'none' || !incoming.enabled || incoming.token !== undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['notifications', 'incoming', 'token'],
    message: 'must be set, as auth.mode none has no admin who could log in instead',
  });
}

function refuseOneDatabaseFile({cluster, metadata}: Settings, context: z.RefinementCtx): void {
  if (cluster.mode !== 'active-active' || metadata.url !== undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['cluster', 'mode'],
    message:
      'is active-active, and several hosts can not write one SQLite file: set metadata.url to a MariaDB or PostgreSQL, or the mode to active-standby',
  });
}

function refuseUnknownAddress({cluster}: Settings, context: z.RefinementCtx): void {
  if (cluster.standby !== 'forward' || cluster.address !== undefined) return;
  context.addIssue({
    code: 'custom',
    path: ['cluster', 'address'],
    message: 'must be set where cluster.standby is forward: the other nodes have to reach this one',
  });
}

export const configSchema = settings
  .superRefine(refuseOpenness)
  .superRefine(refuseIdleRules)
  .superRefine(refuseStrangersNames)
  .superRefine(refuseUnprovenEvents)
  .superRefine(refuseOneDatabaseFile)
  .superRefine(refuseUnknownAddress);

/** The configuration in force: defaults filled in, durations in milliseconds, sizes in bytes. */
export type Config = z.infer<typeof configSchema>;
