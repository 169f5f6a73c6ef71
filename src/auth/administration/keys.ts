/** Operations on the keys of tokens. */
import {z} from 'zod';
import {CertificateError} from '../../tls/certificate-error.ts';
import type {KeyStatus} from '../keys/status.ts';
import {AdministrationError} from './administration-error.ts';
import {time} from './fields.ts';
import {changeApart, question} from './operation.ts';

const common = {kid: z.string(), libtrustId: z.string(), algorithm: z.string(), since: time};
const keyAnswer = z.discriminatedUnion('state', [
  z.object({
    ...common,
    state: z.literal('signing'),
    source: z.string(),
    certificateExpiresAt: time,
    /** PEM, for the rootcertbundle of other registries. */
    certificates: z.string(),
  }),
  z.object({...common, state: z.literal('former'), until: time}),
]);
type KeyAnswer = z.output<typeof keyAnswer>;

function toAnswer(status: KeyStatus): KeyAnswer {
  const {kid, libtrustId, algorithm} = status;
  const shared = {kid, libtrustId, algorithm, since: status.since.toISOString()};
  if (status.state === 'former') {
    return {...shared, state: 'former', until: status.until.toISOString()};
  }
  const {source, certificates} = status;
  const certificateExpiresAt = status.certificateExpiresAt.toISOString();
  return {...shared, state: 'signing', source, certificateExpiresAt, certificates};
}

const output = z.object({keys: z.array(keyAnswer)});

export const showKeys = question(
  'keys show',
  {input: z.strictObject({}), output},
  async ({keys}) => ({keys: (await keys()).status().map(toAnswer)}),
);

export const rotateKeys = changeApart(
  'keys rotate',
  {
    input: z.strictObject({
      /** False: what the former key has signed counts no more. */
      trustFormer: z.boolean().default(true),
    }),
    output,
    records: {
      key: 'keys.rotate',
      about: () => ({subject: 'token keys'}),
      details: ({trustFormer}) => ({trust_former: trustFormer}),
    },
  },
  async ({keys}, {trustFormer}) => {
    const signing = await keys();
    try {
      await signing.rotate({trustFormer});
    } catch (error) {
      if (!(error instanceof CertificateError) || error.code !== 'setting') throw error;
      throw new AdministrationError('refused', error.message, {cause: error});
    }
    return {keys: signing.status().map(toAnswer)};
  },
);
