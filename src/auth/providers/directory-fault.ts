/** Why a directory could not be asked: at which step, and what an operator would change. */
import type {Diagnosis} from './diagnosis.ts';

export type StepName = 'connect' | 'TLS' | 'bind' | 'search' | 'subject' | 'user bind' | 'groups';

export class DirectoryFault extends Error {
  readonly step: StepName;
  readonly url: string;
  readonly finding: string;
  readonly advice: string | undefined;

  constructor(
    {step, url, finding, advice}: {readonly step: StepName; readonly url: string} & Diagnosis,
    options?: ErrorOptions,
  ) {
    super(`${url}: ${step}: ${finding}${advice === undefined ? '' : ` (${advice})`}`, options);
    this.name = 'DirectoryFault';
    this.step = step;
    this.url = url;
    this.finding = finding;
    this.advice = advice;
  }
}

/** None of the hosts could be asked; each has its fault. */
export class DirectoryUnavailable extends Error {
  readonly faults: readonly DirectoryFault[];

  constructor(faults: readonly DirectoryFault[]) {
    super(faults.map(({message}) => message).join('; '), {cause: faults.at(-1)});
    this.name = 'DirectoryUnavailable';
    this.faults = faults;
  }
}
