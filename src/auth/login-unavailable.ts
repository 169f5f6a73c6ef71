/** Nobody could be asked whether a password is right. The client keeps it, and tries again: 503. */
import {faultIn} from './providers/provider-fault.ts';

interface UnavailableOptions extends ErrorOptions {
  readonly isTold?: boolean;
}

export class LoginUnavailable extends Error {
  /** The provider, or what else could not be asked. */
  readonly source: string;

  /** Whether the log has the reason already. */
  readonly isTold: boolean;

  constructor(source: string, {isTold = false, ...options}: UnavailableOptions = {}) {
    super(`logins can not be checked at present: ${source} can not be asked`, options);
    this.name = 'LoginUnavailable';
    this.source = source;
    this.isTold = isTold;
  }

  /** Whether somebody has to change a setting first: to try again does not help. */
  get isOfSetup(): boolean {
    return faultIn(this.cause)?.isOfSetup ?? false;
  }
}
