/** What this folder needs of a logger; pino's is one. */
type Line = (fields: Readonly<Record<string, unknown>>, message: string) => void;

export interface AuthLog {
  readonly debug: Line;
  readonly info: Line;
  readonly warn: Line;
  readonly error: Line;
}
