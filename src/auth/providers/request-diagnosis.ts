/** What went wrong between us and a provider that is asked over HTTP. */
import type {Diagnosis, SettingWords} from './diagnosis.ts';
import {type Circumstances, codeOf, diagnoseNetwork, firstLine} from './network-diagnosis.ts';

export const ofIssuer: SettingWords = {address: 'its issuer', others: 'its '};

/** `known`: the code, where the cause does not have it. */
export function diagnoseRequest(
  cause: unknown,
  known: string | undefined,
  circumstances: Circumstances,
): Diagnosis {
  const code = known ?? codeOf(cause);
  const ofNetwork = diagnoseNetwork(code, cause, circumstances);
  if (ofNetwork) return ofNetwork;
  const advice = 'another service listens there';
  if (code === 'TOO_LARGE') return {finding: 'the answer is too large', advice};
  if (code.startsWith('HPE_')) return {finding: 'the answer is not HTTP', advice};
  return {finding: firstLine(cause)};
}
