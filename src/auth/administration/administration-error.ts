/** Why something could not be administered: told as it is to whoever asked, who may everything. */
export type AdministrationFault =
  /** What was given is no name, no role ... */
  | 'invalid'
  /** There is no such user, team ... */
  | 'unknown'
  /** Something has the name already. */
  | 'taken'
  /** A rule stands against it, as that of the last admin. */
  | 'refused'
  /** Not by this caller: the code is wrong ... */
  | 'denied'
  /** Switched off, or over for good. */
  | 'off'
  /** This server has no accounts: those in the database are nothing to it. */
  | 'no-accounts'
  /** Too often. */
  | 'limited'
  /** It can't be done at present. */
  | 'unavailable'
  | 'internal';

/** The message is a sentence for a person, without passwords and tokens. */
export class AdministrationError extends Error {
  readonly code: AdministrationFault;

  constructor(code: AdministrationFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AdministrationError';
    this.code = code;
  }
}
