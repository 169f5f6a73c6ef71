/** What previews of deletions have in common. */
import {z} from 'zod';
import type {Hanging} from '../../metadata/content/tag-removal.ts';
import {referrerKinds} from '../../oci/referrer-kind.ts';
import type {Asker} from './asker.ts';
import type {ContentOptions} from './content-options.ts';
import {seesAll} from './repository-sight.ts';

const forAdmins = 'Null: for admins alone, for it says what others hold.';

export const referrersField = z.array(
  z
    .strictObject({
      digest: z.string(),
      subject: z.string().describe('The manifest on which it hangs, at once or by another.'),
      kind: z.enum(referrerKinds),
      tag: z.string().nullable().describe('Of cosign: that tag stays.'),
      size: z.number().describe('Of the manifest and of what it names, in bytes.'),
    })
    .meta({id: 'ReferrerForecast'}),
);

export const sizeFields = {
  bytes: z
    .number()
    .describe('Of all to which nothing leads any more, and of what that names, each once.'),
  freed_bytes: z
    .number()
    .nullable()
    .describe(`Of those what nothing else holds, once it is collected. ${forAdmins}`),
  shared_bytes: z.number().nullable().describe(`Of those what others hold too. ${forAdmins}`),
  is_complete: z.boolean().describe('False: parts or referrers are too many to name all.'),
};

export const presentHanging = ({subject, node}: Hanging) => ({
  digest: node.digest,
  subject,
  kind: node.kind,
  tag: node.tag ?? null,
  size: node.size,
});

export function sizesFor(
  {rights}: Pick<ContentOptions, 'rights'>,
  asker: Asker,
  {bytes, exclusive}: {readonly bytes: number; readonly exclusive: number},
) {
  const isTold = !rights || seesAll(asker);
  return {
    bytes,
    freed_bytes: isTold ? exclusive : null,
    shared_bytes: isTold ? bytes - exclusive : null,
  };
}
