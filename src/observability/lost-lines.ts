/** Lines that a log could not take, since the start: for the metrics, as the log itself can tell of them only afterwards. */

export const logs = ['main', 'access'] as const;

export type LogName = (typeof logs)[number];

export class LostLines {
  readonly #counts = new Map<LogName, number>(logs.map((log) => [log, 0]));

  note(log: LogName): void {
    this.#counts.set(log, this.of(log) + 1);
  }

  of(log: LogName): number {
    return this.#counts.get(log) ?? 0;
  }
}
