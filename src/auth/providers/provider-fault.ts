/** Why a provider could not be asked, and what an operator would change. Has no token and no secret in it: it is written into the log. */
import type {Diagnosis} from './diagnosis.ts';

export class ProviderFault extends Error {
  readonly url: string;
  readonly finding: string;
  readonly advice: string | undefined;
  readonly isOfSetup: boolean;

  constructor(
    {url, finding, advice, isOfSetup = false}: {readonly url: string} & Diagnosis,
    options?: ErrorOptions,
  ) {
    super(`${url}: ${finding}${advice === undefined ? '' : ` (${advice})`}`, options);
    this.name = 'ProviderFault';
    this.url = url;
    this.finding = finding;
    this.advice = advice;
    this.isOfSetup = isOfSetup;
  }
}

/** However deep it lies in what a library has made of it. */
export function faultIn(error: unknown): ProviderFault | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    if (at instanceof ProviderFault) return at;
  }
  return undefined;
}
