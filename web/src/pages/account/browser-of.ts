/** What a browser says of itself, in short: `Firefox, Linux`. Whatever it is, it is text. */
import {t} from '../../texts/texts.ts';

const browsers = [
  ['Edge', /\bEdg/],
  ['Opera', /\bOPR\//],
  ['Firefox', /\bFirefox\//],
  ['Chrome', /\b(?:Chrome|Chromium|HeadlessChrome|CriOS)\//],
  ['Safari', /\bSafari\//],
] as const;

const systems = [
  ['Android', /\bAndroid\b/],
  ['iOS', /\b(?:iPhone|iPad)\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\bMac OS X\b/],
  ['Linux', /\bLinux\b/],
] as const;

type Named = readonly (readonly [string, RegExp])[];

const nameIn = (named: Named, agent: string): string | undefined =>
  named.find(([, pattern]) => pattern.test(agent))?.[0];

/** In characters, of what is none of those. */
const longest = 60;

export function browserOf(agent: string | null): string {
  if (agent === null || agent === '') return t('account.sessions.unknown');
  const browser = nameIn(browsers, agent);
  if (browser === undefined) return agent.slice(0, longest);
  const system = nameIn(systems, agent);
  return system === undefined ? browser : `${browser}, ${system}`;
}
