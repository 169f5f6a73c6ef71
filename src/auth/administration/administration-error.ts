/** Why something could not be administered: told as it is to whoever asked, who may everything. */
import type {z} from 'zod';

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

/** What is wrong with one field of the input, or with all of it. */
export interface InputFault {
  /** What follows the name of the field in a sentence. */
  readonly message: string;
  readonly field?: string;
}

/** The message is a sentence for a person, without passwords and tokens. */
export class AdministrationError extends Error {
  readonly code: AdministrationFault;
  /** The same by field, for whoever shows it beside a form. */
  readonly faults: readonly InputFault[];

  constructor(
    code: AdministrationFault,
    faults: string | readonly InputFault[],
    options?: ErrorOptions,
  ) {
    const list = typeof faults === 'string' ? [{message: faults}] : faults;
    super(list.map(sentence).join('; '), options);
    this.name = 'AdministrationError';
    this.code = code;
    this.faults = list;
  }
}

const sentence = ({field, message}: InputFault): string =>
  field === undefined ? message : `${field} ${message}`;

/** Zod's messages have no values in them: one may be a password. */
export const inputFaults = ({issues}: z.core.$ZodError): readonly InputFault[] =>
  issues.map(({path, message}) => {
    const field = path.map(String).join('.');
    return field === '' ? {message} : {message, field};
  });
