/** Durations as Go writes them: `1m30s`, `0.5h`, or a number of nanoseconds. */

const milliseconds: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};

const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/gy;

/** In milliseconds, none less than 0; `undefined` for anything else. */
export function parseGoDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Math.max(0, Math.ceil(value * 1e-6));
  if (typeof value !== 'string' || value.length > 100) return undefined;
  if (value === '0') return 0;
  const text = value.replace(/^[+-]/, '');
  const parts = [...text.matchAll(part)];
  if (text === '' || parts.map(([whole]) => whole).join('') !== text) return undefined;
  const sum = parts.reduce(
    (total, [, digits, unit = '']) => total + Number(digits) * (milliseconds[unit] ?? 0),
    0,
  );
  return value.startsWith('-') ? 0 : Math.ceil(sum);
}

/** As a setting has it: `90s`, `7d`. */
export function writtenDuration(duration: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const;
  for (const [unit, length] of units) {
    if (duration >= length && duration % length === 0) return `${duration / length}${unit}`;
  }
  return `${duration}ms`;
}
