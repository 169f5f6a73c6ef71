/** How clients reach this registry, and what they need to trust it: nothing of it is secret. */
import {Readable} from 'node:stream';
import {z} from 'zod';
import type {Config} from '../../../config/schema.ts';
import {CertificateError} from '../../../tls/certificate-error.ts';
import type {CertificateInForce, Certificates} from '../../../tls/certificates.ts';
import {describeCertificate} from '../../../tls/describe.ts';
import {parseCertificates} from '../../../tls/pair.ts';
import {plainSteps} from '../../../tls/plain-http.ts';
import {nameFault, parseHost, trustAnchor, trustSteps} from '../../../tls/trust.ts';
import type {RouteContext} from '../../context.ts';
import {absolute, here} from '../../sign-in/place.ts';
import {ApiError} from '../api-error.ts';
import {endpoint, type Resource} from '../endpoint.ts';
import {time, unknown} from '../fields.ts';

export interface ConnectionOptions {
  readonly config: Pick<Config, 'externalUrl' | 'tls'>;
  /** Absent: plain HTTP. */
  readonly certificates: Pick<Certificates, 'current'> | undefined;
  readonly now: () => Date;
  /** Of the registry, where the API is asked at another address than that. */
  readonly registryUrls?: readonly string[] | undefined;
}

const described = {
  subject: z.string(),
  names: z.array(z.string()),
  valid_from: time,
  expires_at: time,
  days_left: z.number().int().describe('Negative after the end.'),
  sha256: z.string().describe('The fingerprint, as AB:CD:...'),
};

const connectionAnswer = z
  .strictObject({
    host: z.string().describe('As it stands before the names of images.'),
    url: z.string().describe('Of this registry, as browsers know it.'),
    external_url: z.string().nullable().describe('The setting externalUrl.'),
    login_command: z.string(),
    tls_mode: z.enum(['self-signed', 'files', 'off']),
    trust: z
      .enum(['needed', 'by-issuer', 'none'])
      .describe(
        'needed: clients must be told to trust `ca`; by-issuer: those that know the issuer, as they know public ones, need nothing; none: TLS is off here.',
      ),
    certificate: z
      .strictObject({
        ...described,
        issuer: z.string(),
        is_of_own_ca: z.boolean(),
        problem: z.string().nullable().describe('Why clients of `host` will refuse it.'),
      })
      .nullable(),
    ca: z
      .strictObject({...described, pem: z.string(), path: z.string().describe('As a file.')})
      .nullable()
      .describe('What clients must trust; null: it is not known here, or nothing is.'),
    clients: z
      .array(
        z.strictObject({
          client: z.string(),
          files: z.array(
            z.strictObject({
              path: z.string(),
              content: z.string().nullable().describe('null: a copy of ca.crt.'),
            }),
          ),
          commands: z.array(z.string()).describe('For a directory that holds ca.crt.'),
          notes: z.array(z.string()),
        }),
      )
      .describe('What to put where; with `by-issuer` only where the issuer is no public one.'),
  })
  .meta({id: 'Connection', description: 'How clients reach this registry and come to trust it.'});

type ConnectionAnswer = z.output<typeof connectionAnswer>;

export const connectionResource = (options: ConnectionOptions): Resource => ({
  name: 'connection',
  description: 'How clients reach this registry, and what they need to trust it.',
  endpoints: [
    endpoint({
      name: 'connection',
      method: 'get',
      path: '/connection',
      summary: 'Tell how clients reach this registry, and what they must be told to trust it',
      description: 'As `holdfast certificate trust` prints it, for the host that was asked.',
      who: 'everybody',
      answers: {200: {description: 'How.', schema: connectionAnswer}},
      handle: ({ctx}) => ({status: 200, body: present(ctx, options)}),
    }),
    endpoint({
      name: 'connection-ca',
      method: 'get',
      path: '/connection/ca.crt',
      summary: 'The certificate that clients must trust, as a file',
      who: 'everybody',
      looksUp: true,
      answers: {
        200: {description: 'PEM.', schema: z.string(), type: 'application/x-pem-file'},
      },
      handle: () => {
        const anchor = anchorOf(options.certificates?.current());
        if (!anchor) throw unknown('certificate');
        return {
          status: 200,
          stream: Readable.from([anchor.toString()], {objectMode: false}),
          headers: {
            'Content-Disposition': 'attachment; filename="ca.crt"',
            'X-Content-Type-Options': 'nosniff',
            'Cache-Control': 'no-cache',
          },
        };
      },
    }),
  ],
});

const chainOf = ({cert}: CertificateInForce) =>
  parseCertificates({path: 'the certificate in force', text: cert});

function anchorOf(current: CertificateInForce | undefined) {
  if (!current) return undefined;
  const {authority} = current;
  const [own] =
    authority === undefined ? [] : parseCertificates({path: 'the local CA', text: authority});
  return trustAnchor(chainOf(current), own);
}

function present(
  ctx: RouteContext,
  {config: {externalUrl, tls}, certificates, now, registryUrls}: ConnectionOptions,
): ConnectionAnswer {
  const url = urlOf(ctx, {externalUrl, registryUrls});
  const host = hostOf(url);
  const current = certificates?.current();
  const anchor = anchorOf(current);
  const isPlain = !current && url.startsWith('http:');
  const steps = isPlain ? plainSteps(host) : trustSteps(host);
  return {
    host,
    url,
    external_url: externalUrl ?? null,
    login_command: `docker login ${host}`,
    tls_mode: tls.mode,
    trust: trustOf({isPlain, hasAnchor: anchor !== undefined}),
    certificate: current ? ofServer(current, {host, mode: tls.mode, now: now()}) : null,
    ca: anchor
      ? {
          ...ofCertificate(describeCertificate(anchor, now())),
          pem: anchor.toString(),
          path: here(ctx, '/api/v1/connection/ca.crt'),
        }
      : null,
    clients: steps.map(({client, files, commands, notes}) => ({
      client,
      files: files.map(({path, content}) => ({path, content: content ?? null})),
      commands: [...commands],
      notes: [...notes],
    })),
  };
}

/** Of TLS that ends at a proxy nothing is known but its address. */
function trustOf({
  isPlain,
  hasAnchor,
}: {
  readonly isPlain: boolean;
  readonly hasAnchor: boolean;
}): ConnectionAnswer['trust'] {
  if (isPlain) return 'none';
  return hasAnchor ? 'needed' : 'by-issuer';
}

/** Of the registry: another port than that of the pages, where these have one of their own. */
function urlOf(
  ctx: RouteContext,
  {
    externalUrl,
    registryUrls,
  }: Pick<ConnectionOptions, 'registryUrls'> & {
    readonly externalUrl: string | undefined;
  },
): string {
  const url = absolute(ctx, externalUrl, '');
  const [own] = registryUrls ?? [];
  if (externalUrl !== undefined || own === undefined || !URL.canParse(url)) return url;
  const asked = new URL(url);
  asked.port = new URL(own).port;
  return asked.origin;
}

/** Throws an ApiError where the request names no host, and the configuration neither. */
function hostOf(url: string): string {
  const host = URL.canParse(url) ? new URL(url).host : '';
  try {
    return parseHost(host);
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    throw new ApiError('bad-request', 'the Host header is no host with a port');
  }
}

function ofServer(
  current: CertificateInForce,
  {host, mode, now}: {readonly host: string; readonly mode: string; readonly now: Date},
): NonNullable<ConnectionAnswer['certificate']> {
  const [certificate] = chainOf(current);
  const told = describeCertificate(certificate, now);
  return {
    ...ofCertificate(told),
    issuer: told.issuer,
    is_of_own_ca: current.authority !== undefined,
    problem: nameFault(certificate, host, mode) ?? null,
  };
}

const ofCertificate = (told: ReturnType<typeof describeCertificate>) => ({
  subject: told.subject,
  names: [...told.names],
  valid_from: told.notBefore.toISOString(),
  expires_at: told.expiresAt.toISOString(),
  days_left: told.daysLeft,
  sha256: told.fingerprint256,
});
