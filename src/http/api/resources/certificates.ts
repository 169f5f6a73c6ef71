/** Certificates and keys that this server lives by, without what is private of them. */
import {z} from 'zod';
import {SealKeys} from '../../../auth/activities/seal-keys.ts';
import type {AdministrationContext} from '../../../auth/administration/context.ts';
import {showKeys} from '../../../auth/administration/keys.ts';
import {dataPaths} from '../../../config/data-directory.ts';
import type {CertificateInForce} from '../../../tls/certificates.ts';
import {describeCertificate} from '../../../tls/describe.ts';
import {daysUntil} from '../../../tls/expiry.ts';
import {parseCertificates} from '../../../tls/pair.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, time} from '../fields.ts';
import type {RunningOptions} from '../server-options.ts';

const keyAnswer = z
  .strictObject({
    kind: z
      .enum(['authority', 'server', 'token-signing', 'activity-seal'])
      .describe('The CA, the certificate of TLS, what signs tokens, what seals activities.'),
    id: z.string().describe('A fingerprint, or the id of a key.'),
    name: z.string().describe('The subject, or the algorithm.'),
    state: z.enum(['active', 'former']).describe('former: it verifies what it has signed.'),
    from: time,
    until: time.nullable().describe('null: it has no end.'),
    days_left: z.number().int().nullable().describe('Negative after the end.'),
    detail: z.string().nullable().describe('The names, or where it comes from.'),
  })
  .meta({id: 'Key', description: 'A certificate or a key, without what is private of it.'});

type KeyAnswer = z.output<typeof keyAnswer>;

export const certificates = (
  context: AdministrationContext,
  {certificates: inForce, now}: RunningOptions,
): Endpoint =>
  endpoint({
    name: 'certificates',
    method: 'get',
    path: '/certificates',
    summary: 'Tell the certificates and keys of this server, and when they end',
    who: 'admin',
    answers: {200: {description: 'All of them.', schema: z.array(keyAnswer)}},
    handle: async ({asker}) => {
      const at = now();
      const {keys} = await showKeys.perform(context, accountOf(asker), {});
      const sealKeys = await new SealKeys(dataPaths(context.config).keys).list();
      return {
        status: 200,
        body: [
          ...ofTls(inForce?.current(), at),
          ...keys.map((key) => ofToken(key, at)),
          ...sealKeys.map(({id, createdAt, isActive}) => ({
            kind: 'activity-seal',
            id,
            name: 'HMAC-SHA256',
            state: isActive ? 'active' : 'former',
            from: createdAt,
            until: null,
            days_left: null,
            detail: null,
          })),
        ],
      };
    },
  });

function ofTls(current: CertificateInForce | undefined, now: Date): readonly KeyAnswer[] {
  if (!current) return [];
  const {cert, authority, source} = current;
  const [server] = parseCertificates({path: 'the certificate in force', text: cert});
  const own =
    authority === undefined ? [] : parseCertificates({path: 'the local CA', text: authority});
  return [
    ...own.slice(0, 1).map((each) => ofCertificate('authority', describeCertificate(each, now))),
    ofCertificate('server', describeCertificate(server, now), source),
  ];
}

const ofCertificate = (
  kind: 'authority' | 'server',
  told: ReturnType<typeof describeCertificate>,
  source?: string,
): KeyAnswer => ({
  kind,
  id: told.fingerprint256,
  name: told.subject,
  state: 'active',
  from: told.notBefore.toISOString(),
  until: told.expiresAt.toISOString(),
  days_left: told.daysLeft,
  detail: source === undefined ? null : `${source}: ${told.names.join(', ')}`,
});

function ofToken(key: z.output<typeof showKeys.output>['keys'][number], now: Date): KeyAnswer {
  const {kid, algorithm, since} = key;
  const isActive = key.state === 'signing';
  const until = isActive ? key.certificateExpiresAt : key.until;
  return {
    kind: 'token-signing',
    id: kid,
    name: algorithm,
    state: isActive ? 'active' : 'former',
    from: since,
    until,
    days_left: daysUntil(new Date(until), now),
    detail: isActive ? key.source : null,
  };
}
