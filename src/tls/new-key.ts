/** A key of a CA or of a server. */
import {generateKeyPairSync} from 'node:crypto';

/** A new P-256 key as PKCS#8 PEM. */
export const newKey = (): string =>
  generateKeyPairSync('ec', {namedCurve: 'prime256v1'}).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
