/** The authorities whose certificates a server that Holdfast asks may show. */
import {X509Certificate} from 'node:crypto';
import {ConfigError} from '../config/fault.ts';
import {readText} from '../config/file.ts';
import {pemBlocks} from './pem.ts';

/** In PEM. Throws a ConfigError about the setting where it is no file of certificates. */
export function readCaFile(setting: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const refuse = (why: string): never => {
    const message = `${path} ${why}: name a PEM file with the certificate of the CA`;
    throw new ConfigError([{path: setting, message}]);
  };
  const read = readText(path) ?? {failure: 'does not exist'};
  if ('failure' in read) return refuse(read.failure);
  const certificates = pemBlocks(read.text).filter(({label}) => label === 'CERTIFICATE');
  if (certificates.length === 0) return refuse('has no certificate in it');
  for (const {text} of certificates) {
    try {
      new X509Certificate(text);
    } catch {
      return refuse('has a damaged certificate in it');
    }
  }
  return certificates.map(({text}) => text).join('');
}
