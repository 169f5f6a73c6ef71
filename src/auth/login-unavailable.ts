/** Nobody could be asked whether a password is right, or whose a name is. The client keeps it, and tries again: 503. */
import {faultIn} from './providers/provider-fault.ts';

interface UnavailableOptions extends ErrorOptions {
  readonly isTold?: boolean;
  /** What can't be done. */
  readonly what?: string;
}

export class LoginUnavailable extends Error {
  /** The provider, or what else could not be asked. */
  readonly source: string;

  /** Whether the log has the reason already. */
  readonly isTold: boolean;

  constructor(
    source: string,
    {isTold = false, what = 'logins can not be checked', ...options}: UnavailableOptions = {},
  ) {
    super(`${what} at present: ${source} can not be asked`, options);
    this.name = 'LoginUnavailable';
    this.source = source;
    this.isTold = isTold;
  }

  /** Whether somebody has to change a setting first: to try again does not help. */
  get isOfSetup(): boolean {
    return faultIn(this.cause)?.isOfSetup ?? false;
  }
}

/** Who finds whose a name is has told the log why nobody can say. */
export const nameUnknown = (name: string, source: string): LoginUnavailable =>
  new LoginUnavailable(source, {
    isTold: true,
    what: `whether somebody else is called ${name} can not be told`,
  });
