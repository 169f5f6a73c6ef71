/** One request, before it goes over the wire. */
export interface Request {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly string[];
  readonly body?: Buffer | undefined;
}
