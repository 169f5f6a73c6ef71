/** An end of the program that needs a sentence and no stack; `code` is the exit code. */
export class Failure extends Error {
  readonly code: number;

  constructor(message: string, {code = 1, ...options}: ErrorOptions & {code?: number} = {}) {
    super(message, options);
    this.name = 'Failure';
    this.code = code;
  }
}
