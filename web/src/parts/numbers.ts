/** Numbers, sizes and times as people read them. */
import {language} from '../texts/texts.ts';

const count = new Intl.NumberFormat(language);
const short = new Intl.NumberFormat(language, {maximumFractionDigits: 1});
const day = new Intl.DateTimeFormat(language, {dateStyle: 'medium'});
const moment = new Intl.DateTimeFormat(language, {dateStyle: 'medium', timeStyle: 'medium'});
const relative = new Intl.RelativeTimeFormat(language, {numeric: 'auto'});

export const formatCount = (value: number): string => count.format(value);

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** `1.4 GiB` */
export function formatBytes(bytes: number): string {
  const step = Math.min(
    units.length - 1,
    bytes > 0 ? Math.floor(Math.log(bytes) / Math.log(1024)) : 0,
  );
  return `${short.format(bytes / 1024 ** step)} ${units[step] ?? 'B'}`;
}

export const formatDay = (at: string): string => day.format(new Date(at));

export const formatMoment = (at: string): string => moment.format(new Date(at));

const spans = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

/** `3 hours ago`, `in 2 days` */
export function formatAge(at: string, now = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  for (const [unit, span] of spans) {
    if (Math.abs(seconds) >= span) return relative.format(Math.round(seconds / span), unit);
  }
  return relative.format(Math.round(seconds), 'second');
}
