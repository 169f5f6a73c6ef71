/** The written forms of durations, sizes and addresses in the configuration. */
const milliseconds = {ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000};
const bytes = {B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3};

function scaled(text: string, units: Readonly<Record<string, number>>): number {
  const [, digits = '', unit = ''] = /^(\d+)([A-Za-z]+)$/.exec(text) ?? [];
  return Number(digits) * (units[unit] ?? Number.NaN);
}

/** `5m` in milliseconds; NaN for anything else. */
export const parseDuration = (text: string): number => scaled(text, milliseconds);

/** `4MiB` in bytes; NaN for anything else. */
export const parseByteSize = (text: string): number => scaled(text, bytes);

/** A part of what there is: so many bytes, or so many hundredths of it. */
export type Share = {readonly bytes: number} | {readonly percent: number};

/** `10GiB` or `5%`; NaN for anything else. */
export const parseShare = (text: string): Share =>
  text.endsWith('%') ? {percent: Number(text.slice(0, -1))} : {bytes: parseByteSize(text)};

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `HOST:PORT` with an IPv6 host in brackets; `undefined` for anything else. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  return host === undefined || port > 65_535 ? undefined : {host, port};
}
