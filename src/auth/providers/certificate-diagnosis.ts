/** What is wrong with the certificate that a server has shown, whatever is spoken with it. */
import type {Diagnosis, SettingWords} from './diagnosis.ts';

/** `undefined`: the code speaks of something else. */
export function diagnoseCertificate(
  code: string,
  said: string,
  {address, others}: SettingWords,
): Diagnosis | undefined {
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        finding: `the certificate is not for this host: ${said}`,
        advice: `use one of its names in ${address}`,
        isOfSetup: true,
      };
    case 'CERT_HAS_EXPIRED':
      return {finding: 'the certificate has expired', advice: "renew that server's certificate"};
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return {
        finding: `the certificate is not trusted: ${withoutNodesAdvice(said)}`,
        advice: `set ${others}caFile to the CA that signed it`,
        isOfSetup: true,
      };
    default:
      return undefined;
  }
}

/** Without its advice about options of Node, which nobody gives here. */
const withoutNodesAdvice = (text: string): string =>
  text.replace(/[;,.]? *if the root CA is installed locally, try running Node\.js with .*$/s, '');
