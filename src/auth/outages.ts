/** Tells the log that a provider of accounts can't be asked: what was found and what to change, and the same no more often than once a minute. */
import {errorText} from '../observability/error-text.ts';
import type {Log} from '../observability/log.ts';
import {Repeated} from '../observability/repeated.ts';
import {DirectoryFault, DirectoryUnavailable} from './providers/directory-fault.ts';
import {faultIn, ProviderFault} from './providers/provider-fault.ts';

export class Outages {
  readonly #log: Log;
  readonly #repeated: Repeated;
  readonly #away = new Set<string>();

  constructor(log: Log, now?: () => number) {
    this.#log = log;
    this.#repeated = new Repeated(now);
  }

  /** `provider` by the name that the metrics have. */
  tell(provider: string, error: unknown): void {
    const told = faultsIn(error).map((fault) => this.#tell({provider, ...fault}));
    // Of a wrong setting no check finds out that it is over.
    const isOfSetup = faultIn(error)?.isOfSetup ?? false;
    if (told.includes(true) && !isOfSetup) this.#away.add(provider);
    this.#log.debug({provider, err: error}, 'provider can not be asked, in full');
  }

  /** It was asked. What was found before stays told: some answer one question and not the next. */
  isOver(provider: string): void {
    if (this.#away.delete(provider)) this.#log.info({provider}, 'provider can be asked again');
  }

  /** Whether it was time to. */
  #tell(fields: {readonly provider: string} & Fault): boolean {
    const times = this.#repeated.tell(JSON.stringify(fields));
    if (!times) return false;
    this.#log.error({...fields, ...times}, 'provider can not be asked');
    return true;
  }
}

interface Fault {
  readonly url?: string;
  readonly step?: string;
  readonly finding: string;
  readonly advice?: string;
}

/** Of several hosts each has its own. */
function faultsIn(error: unknown): readonly Fault[] {
  if (error instanceof DirectoryUnavailable) return error.faults.flatMap(faultsIn);
  if (error instanceof DirectoryFault || error instanceof ProviderFault) {
    const {url, finding, advice} = error;
    const step = error instanceof DirectoryFault ? {step: error.step} : {};
    return [{url, ...step, finding, ...(advice === undefined ? {} : {advice})}];
  }
  return [{finding: errorText(error)}];
}
