/** Nobody could be asked whether a password is right. The client keeps it, and tries again: 503. */
export class LoginUnavailable extends Error {
  /** The provider, or what else could not be asked. */
  readonly source: string;

  constructor(source: string, options?: ErrorOptions) {
    super(`logins can not be checked at present: ${source} can not be asked`, options);
    this.name = 'LoginUnavailable';
    this.source = source;
  }
}
